using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Millrace.Streams.Events;

/// <summary>One JSON object being written as UTF-8, into a buffer that is used again for the next. For one thread.</summary>
sealed class JsonLine
{
    /// <summary>Longer than any one value written here except text, which makes its own room.</summary>
    const int ValueRoom = 64;

    byte[] _buffer = new byte[1024];

    /// <summary>Bytes written since <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written last.</summary>
    /// <param name="length">Bytes that stay.</param>
    public void CutTo(int length) => Length = length;

    /// <summary>Bytes as they are: punctuation, names and text that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        Length += json.Length;
    }

    public void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Room(ValueRoom), out var written);
        Length += written;
    }

    public void Quoted(long value)
    {
        Raw("\""u8);
        Integer(value);
        Raw("\""u8);
    }

    /// <summary>A number with <paramref name="scale"/> digits after the point, given in units of the last digit.</summary>
    public void Fixed(long units, int scale)
    {
        if (units < 0) Raw("-"u8);
        var (whole, fraction) = Math.DivRem(Math.Abs(units), PowerOfTen(scale));
        Integer(whole);
        if (scale == 0) return;
        Raw("."u8);
        var digits = Room(scale)[..scale];
        for (var i = scale - 1; i >= 0; i--, fraction /= 10) digits[i] = (byte)('0' + (fraction % 10));
        Length += scale;
    }

    public void Uuid(Guid value)
    {
        Raw("\""u8);
        value.TryFormat(Room(ValueRoom), out var written);
        Length += written;
        Raw("\""u8);
    }

    /// <summary>ISO 8601 in UTC with milliseconds: a reader in another time zone understands it alike.</summary>
    public void Timestamp(DateTimeOffset value)
    {
        Raw("\""u8);
        value.UtcDateTime.TryFormat(Room(ValueRoom), out var written, "yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        Length += written;
        Raw("\""u8);
    }

    /// <summary>The day in UTC, YYYY-MM-DD.</summary>
    public void Day(DateTimeOffset value)
    {
        Raw("\""u8);
        value.UtcDateTime.TryFormat(Room(ValueRoom), out var written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Length += written;
        Raw("\""u8);
    }

    /// <summary>A dotted quad; the highest byte comes first.</summary>
    public void IPv4(uint address)
    {
        Raw("\""u8);
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Integer((byte)(address >> shift));
            Raw(shift == 0 ? "\""u8 : "."u8);
        }
    }

    internal static long PowerOfTen(int exponent)
    {
        var power = 1L;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Span<byte> Room(int length)
    {
        if (_buffer.Length - Length < length) Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, Length + length));
        return _buffer.AsSpan(Length);
    }
}
