using System.Net;

namespace Millrace.Kafka.Broker.Basics;

/// <summary>
/// How one embedded broker runs. Immutable; change by <c>with</c>. Names and defaults are Apache Kafka's broker settings unless said
/// otherwise.
/// </summary>
public sealed record BrokerOptions
{
    /// <summary>log.dirs: one directory, made when missing, owned by one broker at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address to listen on; loopback unless the user asks for more.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 takes any free one.</summary>
    public int Port { get; init; } = 9092;

    /// <summary>Tried one after the other where <see cref="Port"/> is taken; clients wait then until the logs are open.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>
    /// advertised.listeners: host that clients are told to connect to; null for the local address that the client came in by.
    /// </summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>num.partitions. Kafka's default is 1; a stand wants to show partitions.</summary>
    public int DefaultPartitions { get; init; } = 3;

    /// <summary>auto.create.topics.enable.</summary>
    public bool AutoCreateTopics { get; init; } = true;

    /// <summary>socket.request.max.bytes: a larger frame closes its connection. In bytes.</summary>
    public int MaxRequestBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>
    /// queued.max.request.bytes: what the requests of all connections may hold of the memory together, save for those up to 64 KiB, which
    /// each connection has room for. In bytes. A request begins while there is any left, so the last may exceed it, as in Apache Kafka
    /// (KIP-72). Its default is no limit; a laptop has other things to do with its memory.
    /// </summary>
    public long QueuedMaxRequestBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// max.connections (KIP-402): as many are served at a time, and others wait until one closes. Kafka's default is no limit; each
    /// connection holds some 100 KiB, and a stand of fifty streams has a few hundred of them.
    /// </summary>
    public int MaxConnections { get; init; } = 2000;

    /// <summary>connections.max.idle.ms: a connection on which no whole request comes and no answer goes for so long is closed.</summary>
    public TimeSpan ConnectionsMaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>message.max.bytes: largest record batch taken, header included. In bytes.</summary>
    public int MaxBatchBytes { get; init; } = 1048588;

    /// <summary>
    /// log.segment.bytes. In bytes. Kafka's default is 1 GiB; smaller segments let retention free a laptop's disk sooner.
    /// </summary>
    public int SegmentBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>log.roll.ms: oldest age of an active segment that still grows.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>log.retention.ms; null keeps records for good.</summary>
    public TimeSpan? RetentionTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>log.retention.bytes of each partition; -1 for no limit. In bytes.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>log.retention.check.interval.ms.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>log.index.interval.bytes: bytes of log between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary>
    /// group.initial.rebalance.delay.ms: how long the first member of an empty group waits for others. Kafka's default is 3 s; three queue
    /// tables start within a fraction of that, and a stand should show rows at once.
    /// </summary>
    public TimeSpan GroupInitialRebalanceDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>offsets.retention.minutes: how long an empty group keeps its committed offsets.</summary>
    public TimeSpan OffsetsRetention { get; init; } = TimeSpan.FromDays(7);
}
