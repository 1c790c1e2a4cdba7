namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>Tests that need the meters of the process for themselves: they run when all others have ended, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetersCollection
{
    public const string Name = "meters";
}
