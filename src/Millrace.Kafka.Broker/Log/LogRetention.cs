using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Decides which segments are old enough to go. Whole segments only, from the oldest on (Apache Kafka, UnifiedLog.deleteOldSegments).
/// </summary>
static class LogRetention
{
    /// <summary>
    /// How many of the oldest segments are to be deleted. All of them, the active too, when even the newest record is too old.
    /// </summary>
    /// <param name="now">In ms since 1970.</param>
    public static int CountExpired(LogView view, LogOptions options, long now)
    {
        var expired = Math.Max(CountBelowLogStart(view), CountTooOld(view, options, now));
        return Math.Max(expired, CountTooMuch(view, options));
    }

    /// <summary>Never counts the active segment.</summary>
    public static int CountBelowLogStart(LogView view)
    {
        var count = 0;
        while (count < view.Segments.Length - 1 && view.EndOffsetOf(count) <= view.LogStartOffset) count++;
        return count;
    }

    /// <summary>
    /// By the greatest timestamp of the segment: a record is never deleted before its time because its neighbours are older.
    /// </summary>
    static int CountTooOld(LogView view, LogOptions options, long now)
    {
        if (options.RetentionTime is not { } kept) return 0;
        var oldest = now - (long)kept.TotalMilliseconds;
        var count = 0;
        while (count < view.Segments.Length && view.EndOf(count) > 0 && GreatestTimestamp(view.Segments[count]) < oldest) count++;
        return count;
    }

    /// <summary>Deletes no segment that would leave less than retention.bytes.</summary>
    static int CountTooMuch(LogView view, LogOptions options)
    {
        if (options.RetentionBytes < 0) return 0;
        var surplus = view.Segments.Select((_, i) => (long)view.EndOf(i)).Sum() - options.RetentionBytes;
        var count = 0;
        while (count < view.Segments.Length - 1 && surplus >= view.EndOf(count)) surplus -= view.EndOf(count++);
        return count;
    }

    /// <summary>Records without a timestamp never expire by time, as nothing says how old they are.</summary>
    static long GreatestTimestamp(LogSegment segment) =>
        segment.Indexes.Greatest.Timestamp == RecordBatchHeader.NoTimestamp ? long.MaxValue : segment.Indexes.Greatest.Timestamp;
}
