namespace Millrace.Streams.Audit;

/// <summary>
/// Where one partition begins and ends and how far it was read, each taken at its own moment:
/// the committed offset before the tables are looked at, the log end after. Immutable.
/// </summary>
/// <param name="LogStart">Inclusive.</param>
/// <param name="LogEnd">Exclusive.</param>
/// <param name="Committed">The next offset to read; null: none was committed.</param>
sealed record PartitionOffsets(int Partition, long LogStart, long LogEnd, long? Committed)
{
    /// <summary>
    /// What should be stored: from the lowest offset in the target table or still in the topic to the committed one. Retention may have
    /// dropped what was stored long ago. Dead letters do not count, and neither do rows of those that were sent again: those of an earlier
    /// target table stay when the stream gets a new one.
    /// </summary>
    public OffsetRange Expected(StoredPartition stored)
    {
        var first = Math.Min(stored.LowestRow ?? LogStart, LogStart);
        return new OffsetRange(first, Math.Max(first, Committed ?? first));
    }

    public bool HasGaps(StoredPartition stored) => Expected(stored).Count > stored.DistinctRead;

    public PartitionAudit Judge(StoredPartition stored, GapFindings gaps)
    {
        var missing = Math.Max(0, Expected(stored).Count - stored.DistinctRead - gaps.Tombstones - gaps.Absent - gaps.Gone);
        return new PartitionAudit
        {
            Partition = Partition,
            LogStartOffset = LogStart,
            LogEndOffset = LogEnd,
            CommittedOffset = Committed,
            Rows = stored.Rows,
            DeadLetters = stored.Waiting,
            DroppedLetters = stored.Dropped,
            Tombstones = gaps.Tombstones,
            AbsentOffsets = gaps.Absent,
            Gone = gaps.Gone,
            Missing = missing,
            NotExamined = Math.Max(0, missing - gaps.Lost),
            StoredTwice = stored.Twice,
            MissingRanges = [.. gaps.Missing.Take(PartitionAudit.NamedRanges)],
            StoredBeyondLogEnd = stored.Highest >= LogEnd ? stored.Highest : null,
        };
    }
}
