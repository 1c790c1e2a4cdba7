using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The log at one moment: what a reader may see. Immutable, and replaced whole under the append lock, so that its parts always fit
/// each other without a lock on the reader's side.
/// </summary>
/// <param name="Segments">In order of base offset; the last is active. Empty only where the log could not be opened.</param>
/// <param name="LogStartOffset">Inclusive.</param>
/// <param name="HighWatermark">Exclusive; on a single broker also the log end offset.</param>
/// <param name="ActiveSize">Bytes of the active segment below the high watermark.</param>
/// <param name="ActiveTimestamp">Greatest timestamp of the active segment below the high watermark; -1 while there is none.</param>
sealed record LogView(LogSegment[] Segments, long LogStartOffset, long HighWatermark, int ActiveSize, long ActiveTimestamp)
{
    public LogSegment Active => Segments[^1];

    /// <summary>
    /// Index of the segment that covers <paramref name="offset"/>; the first for offsets before it. Where batches are missing, the one
    /// after the gap.
    /// </summary>
    public int IndexOf(long offset)
    {
        var (low, high) = (1, Segments.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Segments[middle].BaseOffset <= offset) low = middle + 1;
            else high = middle;
        }
        var index = low - 1;
        return index < Segments.Length - 1 && offset >= Segments[index].EndOffset ? low : index;
    }

    /// <summary>How far a reader of this view may go in a segment, exclusive.</summary>
    public int EndOf(int index) => index == Segments.Length - 1 ? ActiveSize : Segments[index].Size;

    /// <summary>Bytes of all segments, without their indexes.</summary>
    public long Size => Enumerable.Range(0, Segments.Length).Sum(index => (long)EndOf(index));

    /// <summary>Greatest timestamp that a reader of this view may see in a segment; -1 when there is none.</summary>
    public long GreatestTimestampOf(int index) =>
        index == Segments.Length - 1 ? ActiveTimestamp : Segments[index].Indexes.Greatest.Timestamp;

    /// <summary>As <see cref="GreatestTimestampOf"/>, of all segments.</summary>
    public long GreatestTimestamp =>
        Enumerable.Range(0, Segments.Length).Select(GreatestTimestampOf).DefaultIfEmpty(RecordBatchHeader.NoTimestamp).Max();

    /// <summary>Base offset of the next segment, or the high watermark.</summary>
    public long EndOffsetOf(int index) => index == Segments.Length - 1 ? HighWatermark : Segments[index + 1].BaseOffset;
}
