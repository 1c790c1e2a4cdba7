using System.Net;
using Millrace.Secrets;

namespace Millrace.ClickHouse.Options;

/// <summary>What the host is started with. Immutable.</summary>
public sealed record ClickHouseOptions
{
    /// <summary>
    /// The engine's path (databases, parts) and the config file written for it lie below; made when absent. One process at a time owns it.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>Full path of libchdb.so.</summary>
    public required string LibraryPath { get; init; }

    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free port; <see cref="ClickHouseHost.Url"/> then tells which.</summary>
    public int Port { get; init; } = 8123;

    /// <summary>Tried one after the other where <see cref="Port"/> is taken; clients wait then until the engine has booted.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>The password of user <c>default</c>, the only user; empty lets everyone in, as ClickHouse's own default does.</summary>
    public Secret Password { get; init; } = Secret.None;

    public KafkaClientOptions Kafka { get; init; } = new();

    /// <summary>How many tables with the Kafka engine read at once: each wants a thread.</summary>
    public int KafkaTables { get; init; } = 3;

    /// <summary>
    /// What <c>file()</c> may read and write beside the data directory, full paths; null closes <c>file()</c>. Only for a process that the
    /// kernel keeps to these (<see cref="Confining.Confinement"/>): the engine itself checks no path. Names without a folder then lie in
    /// user_files below the data directory, which becomes the process's current one.
    /// </summary>
    public IReadOnlyList<string>? FileFolders { get; init; }

    /// <summary>
    /// Queries at once; one more is refused with TOO_MANY_SIMULTANEOUS_QUERIES. ClickHouse's own default is 1000 for a server, not for a
    /// laptop.
    /// </summary>
    public int MaxConcurrentQueries { get; init; } = 100;
}

/// <summary>librdkafka's properties for every queue table: the <c>kafka</c> section of the config file. In milliseconds.</summary>
public sealed record KafkaClientOptions
{
    /// <summary>
    /// librdkafka's default is 45,000, which ClickHouse leaves as it is: so long would a killed engine keep its partitions.
    /// 6,000 is the lower bound of a real broker (group.min.session.timeout.ms).
    /// </summary>
    public int SessionTimeoutMs { get; init; } = 6_000;

    /// <summary>
    /// No higher than a third of the session timeout: https://kafka.apache.org/documentation/#consumerconfigs_heartbeat.interval.ms.
    /// </summary>
    public int HeartbeatIntervalMs { get; init; } = 1_000;

    /// <summary>Fills system.kafka_consumers.rdkafka_stat, from which lag is read.</summary>
    public int StatisticsIntervalMs { get; init; } = 1_000;

    /// <summary>librdkafka's default is 300,000: so long would a topic made after its queue table stay unseen.</summary>
    public int TopicMetadataRefreshIntervalMs { get; init; } = 5_000;

    /// <summary>librdkafka's default is 10,000: so long could a broker that came back be left alone.</summary>
    public int ReconnectBackoffMaxMs { get; init; } = 1_000;

    /// <summary>
    /// librdkafka's default is 1,000: so long does a partition rest once queued.min.messages wait, longer than ClickHouse needs to take
    /// them while a backlog drains (bench/results). They are as many as a block's rows, 100,000 at least (getConsumerConfiguration in
    /// ClickHouse's src/Storages/Kafka/KafkaConfigLoader.cpp): 131,072 with the stand's blocks.
    /// </summary>
    public int FetchQueueBackoffMs { get; init; } = 10;
}
