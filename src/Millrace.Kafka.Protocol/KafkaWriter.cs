using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Millrace.Kafka.Protocol;

/// <summary>
/// Writes Kafka's primitive types into one growing pooled buffer. A <c>flexible</c> argument chooses KIP-482's compact form.
/// </summary>
/// <remarks>Not thread-safe. Owned by one connection and reused for each response through <see cref="Clear"/>.</remarks>
public sealed class KafkaWriter : IDisposable, IBufferWriter<byte>
{
    /// <summary>
    /// A response that needed more than this gives its buffer back, so that one large fetch does not stay with its connection for good.
    /// </summary>
    const int KeptCapacity = 1 << 20;

    const int InitialCapacity = 512;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialCapacity);
    int _length;
    int _firstErrorAt; // where FirstError is one

    public int Length => _length;

    /// <summary>The first error code written since <see cref="Clear"/>; <see cref="ErrorCode.None"/> where all went well.</summary>
    public ErrorCode FirstError { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        FirstError = ErrorCode.None;
        if (_buffer.Length <= KeptCapacity) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(InitialCapacity);
    }

    public void WriteBoolean(bool value) => Grow(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Grow(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Grow(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Grow(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Grow(8), value);

    public void WriteErrorCode(ErrorCode code)
    {
        if (code != ErrorCode.None && FirstError == ErrorCode.None) (FirstError, _firstErrorAt) = (code, _length);
        WriteInt16((short)code);
    }

    public void WriteUuid(Guid value) => value.TryWriteBytes(Grow(16), bigEndian: true, out _);

    /// <summary>LEB128 (KIP-482).</summary>
    public void WriteUnsignedVarInt(uint value)
    {
        for (; value >= 0x80; value >>= 7) Grow(1)[0] = (byte)(value | 0x80);
        Grow(1)[0] = (byte)value;
    }

    /// <param name="value">null is written as Kafka's null string.</param>
    /// <exception cref="ProtocolViolationException">
    /// The string is too long for a version that is not flexible: echoes of a request can grow, invalid UTF-8 threefold.
    /// </exception>
    public void WriteString(string? value, bool flexible)
    {
        var length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (flexible) WriteCompactLength(length);
        else if (length <= short.MaxValue) WriteInt16((short)length);
        else throw new ProtocolViolationException($"a string of {length} bytes in a version that takes at most {short.MaxValue}");
        if (length > 0) Encoding.UTF8.GetBytes(value, Grow(length));
    }

    public void WriteBytes(ReadOnlySpan<byte> value, bool flexible)
    {
        WriteBytesLength(value.Length, flexible);
        value.CopyTo(Grow(value.Length));
    }

    /// <param name="length">-1 for null.</param>
    public void WriteBytesLength(int length, bool flexible)
    {
        if (flexible) WriteCompactLength(length);
        else WriteInt32(length);
    }

    /// <summary>
    /// Begins bytes whose length is not known yet; they are written by <see cref="GetSpan"/> and <see cref="Advance"/>, and closed by
    /// <see cref="EndBytes"/>.
    /// </summary>
    /// <param name="likelyLength">Decides the room left for a compact length: close enough, and nothing has to be moved.</param>
    public OpenBytes BeginBytes(int likelyLength, bool flexible)
    {
        var start = _length;
        WriteBytesLength(likelyLength, flexible);
        return new(start, _length, flexible);
    }

    /// <summary>Writes the length of what came since <see cref="BeginBytes"/>.</summary>
    public void EndBytes(OpenBytes bytes)
    {
        var count = _length - bytes.Content;
        var lengthSize = bytes.Flexible ? SizeOfUnsignedVarInt((uint)count + 1) : sizeof(int);
        if (bytes.Start + lengthSize != bytes.Content)
        {
            EnsureRoom(lengthSize);
            _buffer.AsSpan(bytes.Content, count).CopyTo(_buffer.AsSpan(bytes.Start + lengthSize));
        }
        _length = bytes.Start;
        WriteBytesLength(count, bytes.Flexible);
        _length += count;
    }

    /// <param name="count">-1 for null.</param>
    public void WriteArrayLength(int count, bool flexible) => WriteBytesLength(count, flexible);

    public void WriteArray<T>(IReadOnlyCollection<T>? elements, bool flexible, Action<KafkaWriter, T> writeElement)
    {
        WriteArrayLength(elements?.Count ?? -1, flexible);
        if (elements is null) return;
        foreach (var element in elements) writeElement(this, element);
    }

    public void WriteInt32Array(IReadOnlyCollection<int> values, bool flexible) =>
        WriteArray(values, flexible, static (w, value) => w.WriteInt32(value));

    /// <summary>An empty set of tagged fields (KIP-482); nothing where the version is not flexible.</summary>
    public void WriteNoTaggedFields(bool flexible)
    {
        if (flexible) WriteUnsignedVarInt(0);
    }

    /// <summary>Leaves room for an int32 whose value is known later; returns its place for <see cref="PatchInt32"/>.</summary>
    public int ReserveInt32()
    {
        Grow(4);
        return _length - 4;
    }

    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(position, 4), value);

    public void Advance(int count) => _length += count;

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        _length = length;
        if (_firstErrorAt >= length) FirstError = ErrorCode.None;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    static int SizeOfUnsignedVarInt(uint value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7) size++;
        return size;
    }

    void WriteCompactLength(int length) => WriteUnsignedVarInt((uint)(length + 1));

    Span<byte> Grow(int count)
    {
        EnsureRoom(count);
        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    /// <exception cref="ProtocolViolationException">No answer can be as large as that: what was asked for is too much.</exception>
    void EnsureRoom(int count)
    {
        if (_buffer.Length - _length >= count) return;
        var needed = (long)_length + count;
        if (needed > Array.MaxLength) throw new ProtocolViolationException($"an answer of {needed} bytes or more");
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Where open bytes begin: their length at <see cref="Start"/>, themselves at <see cref="Content"/>.</summary>
    public readonly record struct OpenBytes(int Start, int Content, bool Flexible);
}
