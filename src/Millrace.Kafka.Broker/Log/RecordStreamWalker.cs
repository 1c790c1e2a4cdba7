using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Steps through the records of one batch as they come out of a stream, for their times and offsets: keys and values are passed over,
/// nothing is kept.
/// </summary>
/// <remarks>Not thread-safe. Owns the stream. See <see cref="RecordWalker"/> for how a record looks.</remarks>
sealed class RecordStreamWalker(Stream records) : IDisposable
{
    /// <summary>
    /// Of one batch, decompressed: more than any honest batch of max.message.bytes, and read within a second or so. In bytes.
    /// </summary>
    const int MaxBytes = 256 * 1024 * 1024;

    const int BufferBytes = 16 * 1024;

    readonly BufferedStream _records = new(records, BufferBytes);
    readonly byte[] _passed = new byte[BufferBytes];
    long _position;

    /// <summary>To be added to the batch's base timestamp.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>To be added to the batch's base offset.</summary>
    public long OffsetDelta { get; private set; }

    /// <exception cref="InvalidDataException">
    /// No whole record comes next, or too much has come before it. The stream throws other ones.
    /// </exception>
    public void MoveNext()
    {
        var length = ReadVarint();
        var end = _position + length;
        if (length <= 0 || end > MaxBytes) throw new InvalidDataException($"a record of {length} bytes");
        ReadByte(); // attributes
        TimestampDelta = ReadVarint();
        OffsetDelta = ReadVarint();
        if (_position > end) throw new InvalidDataException($"a record of {length} bytes is longer than that");
        PassUntil(end);
    }

    public void Dispose() => _records.Dispose();

    void PassUntil(long end)
    {
        while (_position < end)
        {
            var read = _records.Read(_passed.AsSpan(0, (int)Math.Min(_passed.Length, end - _position)));
            if (read == 0) throw EndsEarly();
            _position += read;
        }
    }

    long ReadVarint()
    {
        Span<byte> bytes = stackalloc byte[RecordVarint.MaxBytes];
        var count = 0;
        do bytes[count++] = ReadByte();
        while (bytes[count - 1] >= 0x80 && count < bytes.Length);
        var position = 0;
        return RecordVarint.TryRead(bytes[..count], ref position, out var value) ? value : throw new InvalidDataException("a number without an end");
    }

    byte ReadByte()
    {
        var read = _records.ReadByte();
        if (read < 0) throw EndsEarly();
        _position++;
        return (byte)read;
    }

    static InvalidDataException EndsEarly() => new("the records end within one");
}
