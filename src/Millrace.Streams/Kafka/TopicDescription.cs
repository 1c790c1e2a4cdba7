namespace Millrace.Streams.Kafka;

/// <summary>A topic as it is now. Immutable.</summary>
public sealed record TopicDescription(string Name, IReadOnlyList<PartitionDescription> Partitions)
{
    /// <summary>Records, as far as offsets tell: transaction markers and compaction make it an upper bound.</summary>
    public long Records => Partitions.Sum(partition => partition.Records);
}

/// <summary>A partition as it is now. Immutable.</summary>
/// <param name="Leader">The broker's id; -1: none.</param>
/// <param name="Replicas">Broker ids.</param>
/// <param name="InSyncReplicas">Broker ids.</param>
/// <param name="LogStartOffset">The lowest it still has, inclusive.</param>
/// <param name="LogEndOffset">The next it will assign, exclusive.</param>
public sealed record PartitionDescription(
    int Partition, int Leader, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSyncReplicas, long LogStartOffset, long LogEndOffset)
{
    public long Records => LogEndOffset - LogStartOffset;
}
