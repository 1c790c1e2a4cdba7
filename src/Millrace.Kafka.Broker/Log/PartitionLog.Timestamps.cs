using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <content>Offsets by time, for ListOffsets.</content>
sealed partial class PartitionLog
{
    /// <summary>
    /// The first record whose timestamp is <paramref name="timestamp"/> or later; null when there is none, or the partition is
    /// <see cref="Unavailable"/>.
    /// </summary>
    /// <param name="timestamp">In ms since 1970.</param>
    public TimestampAndOffset? FindByTimestamp(long timestamp) => Search(view => First(view, timestamp));

    /// <summary>
    /// The first of the records with the greatest timestamp (KIP-734); null when there is no record, or the partition is
    /// <see cref="Unavailable"/>.
    /// </summary>
    public TimestampAndOffset? FindMaxTimestamp() => Search(view =>
        view.HighWatermark == view.LogStartOffset ? null : First(view, view.GreatestTimestamp));

    static TimestampAndOffset? First(LogView view, long timestamp)
    {
        for (var i = 0; i < view.Segments.Length; i++)
        {
            if (view.GreatestTimestampOf(i) < timestamp) continue;
            if (TimestampSearch.First(view.Segments[i], view.EndOf(i), timestamp, view.LogStartOffset) is { } found) return found;
        }
        return null;
    }

    TimestampAndOffset? Search(Func<LogView, TimestampAndOffset?> find)
    {
        if (_unavailable != ErrorCode.None) return null;
        try
        {
            return find(_view);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            TakeOffline(e);
            return null;
        }
    }
}
