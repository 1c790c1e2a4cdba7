namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// How one partition's log behaves: the broker's settings with the topic's own configs laid over them. Immutable; names in the comments are
/// the topic configs.
/// </summary>
sealed record LogOptions
{
    /// <summary>segment.bytes.</summary>
    public required int SegmentBytes { get; init; }

    /// <summary>segment.ms: a segment older than this gets no more batches.</summary>
    public required TimeSpan SegmentAge { get; init; }

    /// <summary>retention.ms; null keeps records for good.</summary>
    public required TimeSpan? RetentionTime { get; init; }

    /// <summary>retention.bytes of this partition; -1 for no limit.</summary>
    public required long RetentionBytes { get; init; }

    /// <summary>index.interval.bytes.</summary>
    public required int IndexIntervalBytes { get; init; }

    /// <summary>max.message.bytes: largest batch taken, header included.</summary>
    public required int MaxBatchBytes { get; init; }

    /// <summary>message.timestamp.type=LogAppendTime: records get the broker's time instead of their own.</summary>
    public bool LogAppendTime { get; init; }

    /// <summary>message.timestamp.after.max.ms: a record further in the future is refused. Kafka's default since 4.0 (KIP-1030).</summary>
    public TimeSpan MaxTimestampAhead { get; init; } = TimeSpan.FromHours(1);

    /// <summary>producer.id.expiration.ms: how long after its last batch a producer can still be recognised.</summary>
    public TimeSpan ProducerIdExpiration { get; init; } = TimeSpan.FromDays(1);
}
