namespace Millrace.Kafka.Broker.Groups;

/// <summary>Stands in until the groups branch brings the coordinator.</summary>
sealed class GroupCoordinator : IAsyncDisposable
{
    public ValueTask DisposeAsync() => default;
}
