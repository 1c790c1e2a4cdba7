using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Whether one partition is read, and each of its records that was read is stored exactly once. Immutable.</summary>
public sealed record PartitionAudit
{
    /// <summary>At most so many missing ranges are named.</summary>
    public const int NamedRanges = 10;

    public required int Partition { get; init; }

    /// <summary>Inclusive; null: not known.</summary>
    public required long? LogStartOffset { get; init; }

    /// <summary>Exclusive; null: not known.</summary>
    public required long? LogEndOffset { get; init; }

    /// <summary>The next offset ClickHouse's group will read; null: it has committed none.</summary>
    public required long? CommittedOffset { get; init; }

    /// <summary>In the topic now; null: not known.</summary>
    public long? Records => LogEndOffset - LogStartOffset;

    /// <summary>In the target table.</summary>
    public required long Rows { get; init; }

    /// <summary>That wait: neither rows by now nor dropped.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Dead letters that somebody gave up.</summary>
    public long DroppedLetters { get; init; }

    /// <summary>Records without a value, which become no row.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Offsets without a record: transaction markers, aborted transactions, compaction.</summary>
    public required long AbsentOffsets { get; init; }

    /// <summary>
    /// Read and committed, stored nowhere, and dropped by the topic since: unread records, but tombstones and transaction markers too.
    /// Nobody can look any more, and a hole is not hidden.
    /// </summary>
    public long Gone { get; init; }

    /// <summary>Read and committed, still in the topic, but stored nowhere.</summary>
    public required long Missing { get; init; }

    /// <summary>How many of the missing nobody looked at, as enough were found before: there may be tombstones among them.</summary>
    public long NotExamined { get; init; }

    /// <summary>Rows, and dead letters, beyond the first of each offset.</summary>
    public required long StoredTwice { get; init; }

    /// <summary>The first ranges of the missing.</summary>
    public required IReadOnlyList<OffsetRange> MissingRanges { get; init; }

    /// <summary>
    /// The highest offset stored when the topic does not have it: the topic was made anew after it was stored,
    /// or lost its end in a power failure. Null when all is well.
    /// </summary>
    public required long? StoredBeyondLogEnd { get; init; }

    /// <summary>
    /// An offset at which the topic holds another record than the one that is stored: the topic was made anew.
    /// Null when all is well.
    /// </summary>
    public long? OtherRecordAt { get; init; }

    /// <summary>No member of ClickHouse's group has the partition, nor got it while that was waited for.</summary>
    public bool ReadByNobody { get; init; }

    /// <summary>Why nothing could be compared: the partition is offline, or what was read is not known. Null when all is well.</summary>
    public string? Error { get; init; }

    /// <summary>Records that wait to be read; null: not known.</summary>
    public long? NotYetRead => ConsumerLag.Of(CommittedOffset, LogStartOffset, LogEndOffset);

    /// <summary>What is known of a partition that can't be asked.</summary>
    /// <param name="logStart">Inclusive; null: not known.</param>
    /// <param name="logEnd">Exclusive; null: not known.</param>
    internal static PartitionAudit InTrouble(
        int partition, string error, long? logStart, long? logEnd, long? committed, StoredPartition stored) => new()
        {
            Partition = partition,
            LogStartOffset = logStart,
            LogEndOffset = logEnd,
            CommittedOffset = committed,
            Rows = stored.Rows,
            DeadLetters = stored.Waiting,
            DroppedLetters = stored.Dropped,
            Tombstones = 0,
            AbsentOffsets = 0,
            Missing = 0,
            StoredTwice = stored.Twice,
            MissingRanges = [],
            StoredBeyondLogEnd = null,
            Error = error,
        };

    public bool HasTrouble =>
        Missing > 0 || Gone > 0 || Error is not null || StoredTwice > 0
        || StoredBeyondLogEnd is not null || OtherRecordAt is not null || ReadByNobody;
}
