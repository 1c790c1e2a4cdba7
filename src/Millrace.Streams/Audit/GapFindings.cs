using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>What the topic says of the offsets that no table holds. Immutable.</summary>
/// <param name="Tombstones">
/// Records without a value, null or empty, of which ClickHouse's Kafka engine makes no row (KafkaSource.cpp of ClickHouse).
/// </param>
/// <param name="Absent">Offsets without a record: transaction markers, aborted transactions, compaction.</param>
/// <param name="Gone">Offsets that can no longer be looked at because the topic dropped them.</param>
/// <param name="Lost">Records with a value.</param>
/// <param name="Missing">Where those lie, and what was not looked at; of findings added up, the first ranges that an audit names.</param>
sealed record GapFindings(long Tombstones, long Absent, long Gone, long Lost, IReadOnlyList<OffsetRange> Missing)
{
    /// <summary>So many records between two gaps are read rather than passed over: one fetch brings about as many anyway.</summary>
    const long JoinDistance = 5000;

    public static GapFindings Nothing { get; } = new(0, 0, 0, 0, []);

    /// <summary>Adds what was found further on in the same partition.</summary>
    public static GapFindings operator +(GapFindings before, GapFindings next) => new(
        before.Tombstones + next.Tombstones,
        before.Absent + next.Absent,
        before.Gone + next.Gone,
        before.Lost + next.Lost,
        Named(before.Missing.Concat(next.Missing)));

    /// <summary>These gaps, of which nobody looks what was there.</summary>
    public static GapFindings NotExamined(IEnumerable<OffsetRange> gaps) => Nothing with { Missing = Named(gaps) };

    /// <summary>Compares the gaps with the records that the topic holds there.</summary>
    /// <param name="gaps">In order, none overlapping.</param>
    /// <param name="logStart">Inclusive; gaps below it can't be looked at.</param>
    /// <param name="read">Gives the records from one offset, inclusive, to another, exclusive.</param>
    public static GapFindings Examine(IReadOnlyList<OffsetRange> gaps, long logStart, Func<OffsetRange, IEnumerable<RecordSummary>> read)
    {
        var gone = gaps.Where(gap => gap.From < logStart).Sum(gap => Math.Min(gap.To, logStart) - gap.From);
        var readable = gaps.Where(gap => gap.To > logStart).Select(gap => gap with { From = Math.Max(gap.From, logStart) }).ToList();
        var records = OffsetRange.Join(readable, closerThan: JoinDistance).SelectMany(read).Where(InGap(readable)).ToList();
        var lost = records.Where(record => record.ValueLength > 0).Select(record => record.Offset).ToList();
        var absent = readable.Sum(gap => gap.Count) - records.Count;
        return new GapFindings(records.Count - lost.Count, absent, gone, lost.Count, [.. OffsetRange.FromOffsets(lost)]);
    }

    static IReadOnlyList<OffsetRange> Named(IEnumerable<OffsetRange> missing) =>
        [.. OffsetRange.Join(missing, closerThan: 1).Take(PartitionAudit.NamedRanges)];

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
