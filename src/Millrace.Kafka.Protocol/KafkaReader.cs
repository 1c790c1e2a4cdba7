using System.Buffers.Binary;
using System.Text;

namespace Millrace.Kafka.Protocol;

/// <summary>
/// Reads Kafka's primitive types from one request body, front to back. Every length is checked against what is left before it is believed,
/// and elements are counted, so that a hostile frame costs little more memory than its own size and that of <see cref="MaxElements"/>
/// elements. A <c>flexible</c> argument chooses KIP-482's compact form.
/// </summary>
/// <remarks>
/// Not thread-safe. Strings and arrays are copied out; <see cref="ReadNullableBytes"/> returns slices of the frame, valid as long as it is.
/// </remarks>
/// <exception cref="ProtocolViolationException">Thrown by every method when the bytes end early or a length makes no sense.</exception>
public ref struct KafkaReader(ReadOnlyMemory<byte> frame)
{
    public delegate T ElementReader<out T>(ref KafkaReader reader);

    /// <summary>
    /// Elements of all arrays of one frame: far more than a client has topics and partitions to name, and 100 MB where each becomes an
    /// object. A frame as large as a Produce may be could hold a hundred times as many.
    /// </summary>
    const int MaxElements = 1_000_000;

    /// <summary>Elements for which memory is given on the word of the count alone.</summary>
    const int TrustedCount = 1024;

    readonly ReadOnlySpan<byte> _span = frame.Span;
    int _position;
    int _elementsLeft = MaxElements;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _span.Length - _position;

    public bool ReadBoolean() => Take(1)[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public ErrorCode ReadErrorCode() => (ErrorCode)ReadInt16();

    /// <summary>A UUID as Kafka writes it: most significant byte first.</summary>
    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>LEB128, at most five bytes (KIP-482).</summary>
    public uint ReadUnsignedVarInt()
    {
        uint value = 0;
        for (var shift = 0; shift <= 28; shift += 7)
        {
            var b = Take(1)[0];
            value |= (uint)(b & 0x7f) << shift;
            if ((b & 0x80) == 0) return value;
        }
        throw new ProtocolViolationException("a variable-length integer is longer than five bytes");
    }

    public string ReadString(bool flexible) =>
        ReadNullableString(flexible) ?? throw new ProtocolViolationException("null where a string is required");

    public string? ReadNullableString(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : ReadInt16();
        if (length < -1) throw new ProtocolViolationException($"a string of length {length}");
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlyMemory<byte> ReadBytes(bool flexible) =>
        ReadNullableBytes(flexible) ?? throw new ProtocolViolationException("null where bytes are required");

    /// <summary>A slice of the frame, not a copy. Record batches are read this way.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : ReadInt32();
        if (length < -1) throw new ProtocolViolationException($"bytes of length {length}");
        if (length < 0) return null;
        var start = _position;
        Take(length);
        return frame.Slice(start, length);
    }

    /// <summary>The array, empty where the wire says null.</summary>
    public T[] ReadArray<T>(bool flexible, ElementReader<T> readElement) => ReadNullableArray(flexible, readElement) ?? [];

    public T[]? ReadNullableArray<T>(bool flexible, ElementReader<T> readElement)
    {
        var count = flexible ? ReadCompactLength() : ReadInt32();
        if (count == -1) return null;
        // No element takes less than a byte: a larger count is a lie. A smaller one may be a lie still, so the array grows only as elements
        // are read.
        if (count < 0 || count > Remaining) throw new ProtocolViolationException($"an array of {count} elements in {Remaining} bytes");
        if (count > _elementsLeft) throw new ProtocolViolationException($"more than {MaxElements} elements in one request");
        _elementsLeft -= count;
        var elements = new T[Math.Min(count, TrustedCount)];
        for (var i = 0; i < count; i++)
        {
            if (i == elements.Length) Array.Resize(ref elements, (int)Math.Min(count, 2L * i));
            elements[i] = readElement(ref this);
        }
        return elements;
    }

    public int[] ReadInt32Array(bool flexible) => ReadArray(flexible, static (ref r) => r.ReadInt32());

    public string[] ReadStringArray(bool flexible) =>
        flexible ? ReadArray(true, static (ref r) => r.ReadString(true)) : ReadArray(false, static (ref r) => r.ReadString(false));

    /// <summary>Passes over tagged fields (KIP-482); does nothing where the version is not flexible.</summary>
    public void SkipTaggedFields(bool flexible)
    {
        if (!flexible) return;
        for (var count = ReadUnsignedVarInt(); count > 0; count--)
        {
            ReadUnsignedVarInt();
            var size = ReadUnsignedVarInt();
            if (size > Remaining) throw new ProtocolViolationException($"a tagged field of {size} bytes in {Remaining}");
            Take((int)size);
        }
    }

    /// <summary>The wire has length + 1, and 0 for null.</summary>
    int ReadCompactLength()
    {
        var length = ReadUnsignedVarInt();
        if (length > int.MaxValue) throw new ProtocolViolationException($"a length of {length}");
        return (int)length - 1;
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining) throw new ProtocolViolationException($"{count} bytes wanted at {_position}, {Remaining} left");
        var taken = _span.Slice(_position, count);
        _position += count;
        return taken;
    }
}
