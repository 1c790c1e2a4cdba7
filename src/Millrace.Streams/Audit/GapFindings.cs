using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>What the topic says of the offsets that no table holds. Immutable.</summary>
/// <param name="Tombstones">Records without a value, null or empty, of which ClickHouse's Kafka engine makes no row (KafkaSource.cpp of ClickHouse).</param>
/// <param name="Absent">Offsets without a record: transaction markers, aborted transactions, compaction.</param>
/// <param name="Missing">Records with a value, and offsets that can no longer be looked at because the topic dropped them; of findings added up, the first ranges that an audit names.</param>
sealed record GapFindings(long Tombstones, long Absent, IReadOnlyList<OffsetRange> Missing)
{
    /// <summary>So many records between two gaps are read rather than passed over: one fetch brings about as many anyway.</summary>
    const long JoinDistance = 5000;

    public static GapFindings Nothing { get; } = new(0, 0, []);

    /// <summary>Adds what was found further on in the same partition.</summary>
    public static GapFindings operator +(GapFindings before, GapFindings next) => new(
        before.Tombstones + next.Tombstones, before.Absent + next.Absent, [.. OffsetRange.Join(before.Missing.Concat(next.Missing), closerThan: 1).Take(PartitionAudit.NamedRanges)]);

    /// <summary>Compares the gaps with the records that the topic holds there.</summary>
    /// <param name="gaps">In order, none overlapping.</param>
    /// <param name="logStart">Inclusive; gaps below it can't be looked at.</param>
    /// <param name="read">Gives the records from one offset, inclusive, to another, exclusive.</param>
    public static GapFindings Examine(IReadOnlyList<OffsetRange> gaps, long logStart, Func<OffsetRange, IEnumerable<RecordSummary>> read)
    {
        var gone = gaps.Where(gap => gap.From < logStart).Select(gap => gap with { To = Math.Min(gap.To, logStart) });
        var readable = gaps.Where(gap => gap.To > logStart).Select(gap => gap with { From = Math.Max(gap.From, logStart) }).ToList();
        var records = OffsetRange.Join(readable, closerThan: JoinDistance).SelectMany(read).Where(InGap(readable)).ToList();
        var tombstones = records.Count(record => record.ValueLength == 0);
        var lost = records.Where(record => record.ValueLength > 0).Select(record => new OffsetRange(record.Offset, record.Offset + 1));
        return new GapFindings(tombstones, readable.Sum(gap => gap.Count) - records.Count, [.. OffsetRange.Join(gone.Concat(lost), closerThan: 1)]);
    }

    /// <summary>For records that come in order.</summary>
    static Func<RecordSummary, bool> InGap(IReadOnlyList<OffsetRange> gaps)
    {
        var i = 0;
        return record =>
        {
            while (i < gaps.Count && gaps[i].To <= record.Offset) i++;
            return i < gaps.Count && gaps[i].From <= record.Offset;
        };
    }
}
