namespace Millrace.Streams.Kafka;

/// <summary>A topic as it is now. Immutable.</summary>
public sealed record TopicDescription(string Name, IReadOnlyList<PartitionDescription> Partitions)
{
    /// <summary>
    /// Records, as far as offsets tell: transaction markers and compaction make it an upper bound.
    /// Without those of partitions that are in trouble.
    /// </summary>
    public long Records => Partitions.Sum(partition => partition.Records ?? 0);

    /// <summary>Bytes of the leaders' segments; null: not known of all partitions.</summary>
    public long? SizeBytes => Partitions.Aggregate((long?)0, (sum, partition) => sum + partition.SizeBytes);

    /// <summary>Why the size of a partition is not known; null where it is known of all.</summary>
    public string? SizeError => Partitions.Select(partition => partition.SizeError).FirstOrDefault(error => error is not null);
}

/// <summary>A partition as it is now. Immutable.</summary>
/// <param name="Leader">The broker's id; -1: none.</param>
/// <param name="Replicas">Broker ids.</param>
/// <param name="InSyncReplicas">Broker ids.</param>
/// <param name="LogStartOffset">The lowest it still has, inclusive; null: not known.</param>
/// <param name="LogEndOffset">The next it will assign, exclusive; null: not known.</param>
/// <param name="Error">Why something is not known; null when all is well.</param>
public sealed record PartitionDescription(
    int Partition, int Leader, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSyncReplicas, long? LogStartOffset, long? LogEndOffset,
    string? Error)
{
    /// <summary>null: not known.</summary>
    public long? Records => LogEndOffset - LogStartOffset;

    /// <summary>Bytes of the segments that the leader has, without indexes; null: not known.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Why the size is not known; null where it is.</summary>
    public string? SizeError { get; init; }
}

/// <summary>A setting of a topic. Immutable.</summary>
/// <param name="Value">null: a secret.</param>
/// <param name="IsDefault">Nobody set it for this topic.</param>
public sealed record TopicSetting(string Name, string? Value, bool IsDefault);
