using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Finds a record by time in one segment, inside compressed batches too. Where a batch's records can't be decompressed, which no producer
/// is checked for, its first offset is the answer: a consumer that starts there sees a few earlier records, and misses none.
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

    static TimestampAndOffset? FirstInBatch(in RecordBatchHeader header, ArraySegment<byte> batch, long timestamp, long lowestOffset)
    {
        var first = new TimestampAndOffset(header.MaxTimestamp, Math.Max(header.BaseOffset, lowestOffset));
        if (header.IsLogAppendTime) return first;
        if (batch.Count == 0) return null; // the disk no longer holds it
        try
        {
            return FirstOf(header, batch[RecordBatchHeader.Size..], timestamp, lowestOffset);
        }
        catch (Exception) when (header.Codec != CompressionCodec.None)
        {
            // Each library has its own exceptions for what it can't make sense of, and none of them is trouble with the disk.
            return first;
        }
    }

    static TimestampAndOffset? FirstOf(in RecordBatchHeader header, ArraySegment<byte> records, long timestamp, long lowestOffset)
    {
        using var walker = new RecordStreamWalker(Decompression.Open(header.Codec, records));
        for (var i = 0; i < header.RecordsCount; i++)
        {
            walker.MoveNext();
            var found = new TimestampAndOffset(header.BaseTimestamp + walker.TimestampDelta, header.BaseOffset + walker.OffsetDelta);
            if (found.Timestamp >= timestamp && found.Offset >= lowestOffset) return found;
        }
        return null;
    }
}
