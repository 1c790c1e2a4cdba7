using Millrace.Secrets;

namespace Millrace.Streams;

/// <summary>Kafka as ClickHouse's own consumers reach it. Immutable.</summary>
/// <param name="Bootstrap"><c>host:port[,host:port...]</c></param>
/// <param name="Properties">
/// By librdkafka's names. A queue table takes over what it has settings for: protocol, mechanism, user and password.
/// Certificates are files of ClickHouse's own machine, and stand in the <c>kafka</c> section of its configuration.
/// </param>
public sealed record QueueKafka(string Bootstrap, IReadOnlyDictionary<string, Secret> Properties)
{
    public QueueKafka(string bootstrap) : this(bootstrap, new Dictionary<string, Secret>())
    {
    }
}
