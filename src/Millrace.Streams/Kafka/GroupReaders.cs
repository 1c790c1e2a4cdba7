using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Which partitions of some topics the members of a group read, at one moment. Immutable.</summary>
/// <param name="IsStable">No rebalance is going on, so that what nobody reads now, nobody is about to be given.</param>
/// <param name="Partitions">All that the topics have.</param>
/// <param name="Read">Those that a member was given.</param>
public sealed record GroupReaders(bool IsStable, IReadOnlyList<TopicPartition> Partitions, IReadOnlySet<TopicPartition> Read)
{
    /// <summary>Partitions that nobody reads, whatever the reason.</summary>
    public IReadOnlyList<TopicPartition> Unread { get; } = [.. Partitions.Where(partition => !Read.Contains(partition))];

    /// <summary>
    /// What a stable group leaves out of a topic that it reads: it shared the topic out when that had fewer partitions. A topic that nobody
    /// reads at all is no such case: its reader is away, or was taken away on purpose.
    /// </summary>
    public IReadOnlyList<TopicPartition> Overlooked =>
        IsStable ? [.. Unread.Where(partition => Read.Any(read => read.Topic == partition.Topic))] : [];
}
