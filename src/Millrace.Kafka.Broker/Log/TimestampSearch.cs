using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Finds a record by time in one segment. Differs from Apache Kafka: inside a compressed batch it does not look, and answers with the batch's first
/// offset: a consumer that starts there sees a few earlier records, and misses none.
/// </summary>
static class TimestampSearch
{
    /// <param name="end">Exclusive position up to which the segment may be read.</param>
    /// <param name="lowestOffset">Records before it do not count: they have been deleted.</param>
    public static TimestampAndOffset? First(LogSegment segment, int end, long timestamp, long lowestOffset)
    {
        // Retention has the segment: its records are gone.
        if (!segment.TryAcquire()) return null;
        try
        {
            using var scanner = SegmentReader.ScannerAt(segment, segment.Indexes.Times.OffsetBefore(timestamp), end);
            while (scanner.MoveNext())
            {
                if (scanner.Current.MaxTimestamp < timestamp || scanner.Current.LastOffset < lowestOffset) continue;
                if (FirstInBatch(scanner.Current, scanner.ReadCurrent(), timestamp, lowestOffset) is { } found) return found;
            }
            return null;
        }
        finally
        {
            segment.Release();
        }
    }

    static TimestampAndOffset? FirstInBatch(in RecordBatchHeader header, ReadOnlySpan<byte> batch, long timestamp, long lowestOffset)
    {
        if (header.IsLogAppendTime) return new(header.MaxTimestamp, Math.Max(header.BaseOffset, lowestOffset));
        if (header.Codec != CompressionCodec.None)
            return new(Math.Max(header.BaseTimestamp, timestamp), Math.Max(header.BaseOffset, lowestOffset));
        if (batch.IsEmpty) return null; // the disk no longer holds it
        var walker = new RecordWalker(batch[RecordBatchHeader.Size..]);
        while (!walker.AtEnd && walker.MoveNext())
        {
            var found = new TimestampAndOffset(header.BaseTimestamp + walker.TimestampDelta, header.BaseOffset + walker.OffsetDelta);
            if (found.Timestamp >= timestamp && found.Offset >= lowestOffset) return found;
        }
        return null;
    }
}
