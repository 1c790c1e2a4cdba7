using System.Buffers.Binary;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>Finds batches in one acquired segment and brings them from the file into a response.</summary>
static class SegmentReader
{
    /// <summary>Enough for the bytes between two index entries and the header after them.</summary>
    const int ChunkBytes = 8 * 1024;

    /// <summary>Writes whole batches, from the one that holds <paramref name="offset"/>, to the destination.</summary>
    /// <param name="end">Exclusive position up to which the segment may be read.</param>
    /// <param name="atLeastOneBatch">Whether a first batch larger than <paramref name="maxBytes"/> is read all the same.</param>
    /// <returns>
    /// Their bytes, and how many could be read within the limit; null when there is no such batch, which means that the segment is damaged.
    /// </returns>
    public static (int Bytes, int Readable)? Read(LogSegment segment, long offset, int end, int maxBytes, bool atLeastOneBatch, KafkaWriter destination)
    {
        using var scanner = ScannerAt(segment, offset, end);
        if (!MoveTo(scanner, offset)) return null;
        var first = (int)scanner.Current.SizeInBytes;
        if (first > maxBytes && !atLeastOneBatch) return (0, 0);
        var wanted = Math.Min(Math.Max(maxBytes, first), end - scanner.Position);
        var read = segment.File.Read(destination.GetSpan(wanted)[..wanted], scanner.Position);
        var whole = WholeBatches(destination.GetSpan(wanted)[..read]);
        if (whole == 0) return null;
        destination.Advance(whole);
        return (whole, read);
    }

    /// <summary>A scanner that will come to the batch that holds <paramref name="offset"/> after few steps.</summary>
    public static BatchScanner ScannerAt(LogSegment segment, long offset, int end) =>
        new(segment.File, Math.Min(segment.Indexes.Offsets.PositionBefore(offset), end), end, ChunkBytes, verifyCrc: false);

    static bool MoveTo(BatchScanner scanner, long offset)
    {
        while (scanner.MoveNext())
            if (scanner.Current.LastOffset >= offset) return true;
        return false;
    }

    /// <summary>How many of the bytes belong to batches that are there to their end.</summary>
    static int WholeBatches(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (bytes.Length - position >= RecordBatchHeader.LengthOverhead)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(bytes[(position + RecordBatchHeader.LengthAt)..]) + RecordBatchHeader.LengthOverhead;
            // A damaged length must neither stop the loop from moving on nor move it back.
            if (size < RecordBatchHeader.Size || size > bytes.Length - position) break;
            position += size;
        }
        return position;
    }
}
