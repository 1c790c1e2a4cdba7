using Millrace.Secrets;

namespace Millrace.Streams;

/// <summary>
/// Where the two servers of a stand are, and who the stand is there: all that anything above them knows of them. Immutable.
/// </summary>
public sealed record StandEndpoints
{
    static readonly IReadOnlyDictionary<string, Secret> NoProperties = new Dictionary<string, Secret>();

    /// <summary>Kafka's bootstrap servers, <c>host:port[,host:port...]</c>, as this process reaches them.</summary>
    public required string Kafka { get; init; }

    /// <summary>ClickHouse's HTTP interface.</summary>
    public required Uri ClickHouse { get; init; }

    public string ClickHouseUser { get; init; } = "default";

    public Secret ClickHousePassword { get; init; } = Secret.None;

    /// <summary>The database that holds the stand's tables; it must exist.</summary>
    public string Database { get; init; } = "default";

    /// <summary>Whose tables and group they are: other stands may live on the same servers.</summary>
    public StandIdentity Identity { get; init; } = StandIdentity.Default;

    /// <summary>
    /// Full path of a PEM file with the certificates that ClickHouse's own must come from;
    /// null: those that the machine trusts.
    /// </summary>
    public string? ClickHouseAuthority { get; init; }

    /// <summary>
    /// Kafka as ClickHouse reaches it: another listener when the two run in containers.
    /// The same way as this process unless set.
    /// </summary>
    public QueueKafka QueueKafka { get => field ?? new QueueKafka(Kafka, KafkaProperties); init; }

    /// <summary>
    /// What else every Kafka client of this process is given, by librdkafka's names (<c>security.protocol</c>, <c>sasl.username</c>...).
    /// </summary>
    public IReadOnlyDictionary<string, Secret> KafkaProperties { get; init; } = NoProperties;
}
