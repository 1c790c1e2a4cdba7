using System.Buffers;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>Steps through the batches of a segment file in order, stopping at the first that is not whole and sound.</summary>
/// <param name="file">The segment.</param>
/// <param name="position">Where the first batch begins.</param>
/// <param name="end">Exclusive: nothing at or after it is looked at.</param>
/// <param name="chunkBytes">How much is read at a time.</param>
/// <param name="verifyCrc">Whether to read whole batches and check their checksums; otherwise only headers count.</param>
/// <remarks>Not thread-safe.</remarks>
sealed class BatchScanner(IFile file, int position, int end, int chunkBytes, bool verifyCrc) : IDisposable
{
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(chunkBytes);
    int _bufferStart;
    int _bufferLength;
    int _next = position;
    long _lowestOffset;

    public RecordBatchHeader Current { get; private set; }

    /// <summary>Of <see cref="Current"/>, in the file.</summary>
    public int Position { get; private set; }

    /// <summary>End of the last batch passed, exclusive.</summary>
    public int ValidEnd => _next;

    public bool MoveNext()
    {
        if (end - _next < RecordBatchHeader.Size || !Fill(RecordBatchHeader.Size)) return false;
        var header = RecordBatchHeader.Read(Buffered);
        if (!IsPlausible(header) || (verifyCrc && !HasSoundCrc(header))) return false;
        (Current, Position) = (header, _next);
        _next += (int)header.SizeInBytes;
        _lowestOffset = header.LastOffset + 1;
        return true;
    }

    /// <summary>The whole of <see cref="Current"/>; valid until the next move. Empty when the file has become shorter.</summary>
    public ArraySegment<byte> ReadCurrent()
    {
        _next = Position;
        var size = (int)Current.SizeInBytes;
        var whole = Fill(size) ? new ArraySegment<byte>(_buffer, _next - _bufferStart, size) : [];
        _next = Position + size;
        return whole;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_next - _bufferStart, _bufferStart + _bufferLength - _next);

    bool IsPlausible(in RecordBatchHeader header) =>
        header.Magic == RecordBatchHeader.CurrentMagic && header.SizeInBytes >= RecordBatchHeader.Size && header.SizeInBytes <= end - _next
        && header.BaseOffset >= _lowestOffset && header.LastOffsetDelta >= 0;

    bool HasSoundCrc(in RecordBatchHeader header)
    {
        var size = (int)header.SizeInBytes;
        return Fill(size) && RecordBatchHeader.ComputeCrc(Buffered, Buffered[RecordBatchHeader.Size..size]) == header.Crc;
    }

    /// <summary>Makes the buffer hold at least <paramref name="count"/> bytes from the next batch on.</summary>
    bool Fill(int count)
    {
        if (_next >= _bufferStart && _bufferStart + _bufferLength - _next >= count) return true;
        if (_buffer.Length < count)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }
        _bufferStart = _next;
        _bufferLength = file.Read(_buffer.AsSpan(0, Math.Min(_buffer.Length, end - _next)), _next);
        return _bufferLength >= count;
    }
}
