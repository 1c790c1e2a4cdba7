using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Log;

/// <content>The way out: no lock, only the view.</content>
sealed partial class PartitionLog
{
    /// <summary>
    /// Reads whole batches, from the one that holds <paramref name="offset"/>, out of one segment into the destination. CORRUPT_MESSAGE
    /// where the disk no longer holds what was written there.
    /// </summary>
    /// <param name="offset">
    /// In [log start offset, high watermark], otherwise OFFSET_OUT_OF_RANGE; at the high watermark there is nothing to read yet.
    /// </param>
    /// <param name="atLeastOneBatch">
    /// Whether a first batch larger than <paramref name="maxBytes"/> is read all the same, so that a consumer never gets stuck on it
    /// (KIP-74).
    /// </param>
    public ReadResult Read(long offset, int maxBytes, bool atLeastOneBatch, KafkaWriter destination)
    {
        var start = destination.Length;
        try
        {
            return ReadFrom(offset, maxBytes, atLeastOneBatch, destination);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            destination.Truncate(start);
            TakeOffline(e);
            return Unreadable(_unavailable, _view);
        }
    }

    ReadResult ReadFrom(long offset, int maxBytes, bool atLeastOneBatch, KafkaWriter destination)
    {
        while (true)
        {
            var view = _view;
            if (_unavailable != ErrorCode.None) return Unreadable(_unavailable, view);
            if (offset < view.LogStartOffset || offset > view.HighWatermark) return Unreadable(ErrorCode.OffsetOutOfRange, view);
            if (offset == view.HighWatermark) return new(ErrorCode.None, view.HighWatermark, view.LogStartOffset);
            var index = view.IndexOf(offset);
            var segment = view.Segments[index];
            // Batches are missing, and none has come after them yet: who waits here gets the next one.
            if (offset < segment.BaseOffset && view.EndOf(index) == 0) return new(ErrorCode.None, view.HighWatermark, view.LogStartOffset);
            // Retention took the segment after we took the view: look again.
            if (!segment.TryAcquire()) continue;
            try
            {
                var found = SegmentReader.Read(segment, offset, view.EndOf(index), maxBytes, atLeastOneBatch, destination);
                return found is var (bytes, readable)
                    ? new(ErrorCode.None, view.HighWatermark, view.LogStartOffset, bytes, readable, Sealed: segment != view.Active)
                    : Unreadable(ErrorCode.CorruptMessage, view);
            }
            finally
            {
                segment.Release();
            }
        }
    }

    static ReadResult Unreadable(ErrorCode error, LogView view) => new(error, view.HighWatermark, view.LogStartOffset);
}
