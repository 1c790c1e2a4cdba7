namespace Millrace.ClickHouse.Compression;

/// <summary>LZ4's block format. https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md</summary>
static class Lz4Block
{
    const int MinMatch = 4;

    /// <summary>LZ4_MAX_INPUT_SIZE of lz4.h: no run is longer.</summary>
    const int MaxRun = 0x7E000000;

    /// <summary>No byte of a block stands for more bytes than this: a length grows by 255 with each.</summary>
    public const long MaxRatio = 255;

    /// <summary>The most bytes that <see cref="Store"/> makes of <paramref name="length"/>.</summary>
    public static int MaxStored(int length) => length + (length / 255) + 16;

    /// <summary>Writes the bytes as one run of literals: every decoder reads it, and on a loopback interface copying costs less than compressing.</summary>
    /// <returns>The bytes written.</returns>
    public static int Store(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var at = 0;
        target[at++] = (byte)(Math.Min(source.Length, 15) << 4);
        for (var rest = source.Length - 15; rest >= 0; rest -= 255) target[at++] = (byte)Math.Min(rest, 255);
        source.CopyTo(target[at..]);
        return at + source.Length;
    }

    /// <exception cref="InvalidDataException">The block is damaged, or does not fill the target exactly.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int from = 0, to = 0;
        while (from < source.Length)
        {
            var token = source[from++];
            var literals = Length(token >> 4, source, ref from);
            if (literals > source.Length - from || literals > target.Length - to) throw Damaged();
            source.Slice(from, literals).CopyTo(target[to..]);
            from += literals;
            to += literals;
            if (from == source.Length) break;
            if (source.Length - from < 2) throw Damaged();
            var offset = source[from] | (source[from + 1] << 8);
            from += 2;
            var match = MinMatch + Length(token & 15, source, ref from);
            if (offset == 0 || offset > to || match > target.Length - to) throw Damaged();
            // Byte by byte: a match may overlap what it produces.
            for (var end = to + match; to < end; to++) target[to] = target[to - offset];
        }
        if (to != target.Length) throw Damaged();
    }

    static int Length(int nibble, ReadOnlySpan<byte> source, ref int from)
    {
        var length = nibble;
        for (var more = nibble == 15; more;)
        {
            if (from == source.Length || length > MaxRun) throw Damaged();
            more = source[from] == 255;
            length += source[from++];
        }
        return length;
    }

    static InvalidDataException Damaged() => new("The LZ4 block is damaged.");
}
