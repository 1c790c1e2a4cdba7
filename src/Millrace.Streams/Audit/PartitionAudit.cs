using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Whether one partition is read, and each of its records that was read is stored exactly once. Immutable.</summary>
public sealed record PartitionAudit
{
    /// <summary>At most so many missing ranges are named.</summary>
    public const int NamedRanges = 10;

    public required int Partition { get; init; }

    /// <summary>Inclusive.</summary>
    public required long LogStartOffset { get; init; }

    /// <summary>Exclusive.</summary>
    public required long LogEndOffset { get; init; }

    /// <summary>The next offset ClickHouse's group will read; null: it has committed none.</summary>
    public required long? CommittedOffset { get; init; }

    /// <summary>In the topic now.</summary>
    public long Records => LogEndOffset - LogStartOffset;

    /// <summary>In the target table.</summary>
    public required long Rows { get; init; }

    public required long DeadLetters { get; init; }

    /// <summary>Records without a value, which become no row.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Offsets without a record: transaction markers, aborted transactions, compaction.</summary>
    public required long AbsentOffsets { get; init; }

    /// <summary>Read and committed, but stored nowhere. Offsets that the topic has dropped since count, though tombstones or transaction markers may have been there: nobody can look any more, and a hole is not hidden.</summary>
    public required long Missing { get; init; }

    /// <summary>Rows and dead letters beyond the first of each offset.</summary>
    public required long StoredTwice { get; init; }

    /// <summary>The first ranges of the missing.</summary>
    public required IReadOnlyList<OffsetRange> MissingRanges { get; init; }

    /// <summary>The highest offset stored when the topic does not have it: the topic was made anew after it was stored, or lost its end in a power failure. Null when all is well.</summary>
    public required long? StoredBeyondLogEnd { get; init; }

    /// <summary>No member of ClickHouse's group has the partition, nor got it while that was waited for.</summary>
    public bool ReadByNobody { get; init; }

    /// <summary>Records that wait to be read.</summary>
    public long NotYetRead => ConsumerLag.Of(CommittedOffset, LogStartOffset, LogEndOffset);

    public bool HasTrouble => Missing > 0 || StoredTwice > 0 || StoredBeyondLogEnd is not null || ReadByNobody;
}
