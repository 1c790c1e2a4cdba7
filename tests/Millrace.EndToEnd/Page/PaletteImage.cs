using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Millrace.EndToEnd.Page;

/// <summary>
/// A screenshot with at most 256 colours, a third of what the browser writes: each pixel has the nearest of the commonest colours. No package
/// of the tests writes PNG files with a palette, nor does Chromium, and a library of images for this alone would weigh more. A page has few
/// colours; the others are edges of letters. Layout and filters: PNG, third edition (https://www.w3.org/TR/png-3/). Immutable.
/// </summary>
sealed class PaletteImage
{
    const int MostColours = 256;

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    PaletteImage(byte[] bytes, int commonest) => (Bytes, Commonest) = (bytes, commonest);

    /// <summary>A PNG file.</summary>
    public byte[] Bytes { get; }

    /// <summary>The commonest colour: red, green and blue, a byte each, red the highest.</summary>
    public int Commonest { get; }

    /// <param name="png">8 bits a channel, without a palette and not interlaced, as Chromium writes it; transparency is left out.</param>
    public static PaletteImage Of(ReadOnlySpan<byte> png)
    {
        var (width, channels, data) = Read(png);
        var lines = Unfiltered(data, width * channels, channels);
        var pixels = lines.Select(line => line.Chunk(channels).Select(p => p[0] << 16 | p[1] << 8 | p[2]).ToArray()).ToList();
        var colours = pixels.SelectMany(line => line).CountBy(colour => colour)
            .OrderByDescending(one => one.Value).Select(one => one.Key).ToList();
        var palette = colours.Take(MostColours).ToList();
        var places = colours.ToDictionary(
            colour => colour, colour => (byte)palette.IndexOf(palette.MinBy(other => Distance(colour, other))));
        return new(Written(width, palette, pixels, places), palette[0]);
    }

    static (int Width, int Channels, byte[] Data) Read(ReadOnlySpan<byte> png)
    {
        using var packed = new MemoryStream();
        var (width, channels) = (0, 0);
        for (var rest = png[Signature.Length..]; rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var content = rest.Slice(8, length);
            if (rest[4..8].SequenceEqual("IHDR"u8))
            {
                (width, channels) = (BinaryPrimitives.ReadInt32BigEndian(content), content[9] == 6 ? 4 : 3);
                Assert.True(content[8] == 8 && content[9] is 2 or 6 && content[12] == 0, "another PNG than Chromium writes");
            }
            else if (rest[4..8].SequenceEqual("IDAT"u8)) packed.Write(content);
            rest = rest[(length + 12)..];
        }
        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Decompress)) zlib.CopyTo(unpacked);
        return (width, channels, unpacked.ToArray());
    }

    /// <summary>The bytes of each line.</summary>
    static List<byte[]> Unfiltered(byte[] data, int size, int channels)
    {
        var lines = new List<byte[]>();
        var above = new byte[size];
        for (var start = 0; start < data.Length; start += size + 1)
        {
            var line = data.AsSpan(start + 1, size).ToArray();
            for (var i = 0; i < size; i++)
            {
                var (left, aboveLeft) = i < channels ? ((byte)0, (byte)0) : (line[i - channels], above[i - channels]);
                line[i] += data[start] switch
                {
                    0 => (byte)0,
                    1 => left,
                    2 => above[i],
                    3 => (byte)((left + above[i]) / 2),
                    4 => Paeth(left, above[i], aboveLeft),
                    var other => throw new InvalidDataException($"PNG has no filter {other}"),
                };
            }
            lines.Add(above = line);
        }
        return lines;
    }

    static byte Paeth(int left, int above, int aboveLeft)
    {
        var (toLeft, toAbove) = (Math.Abs(above - aboveLeft), Math.Abs(left - aboveLeft));
        var toBoth = Math.Abs(left + above - 2 * aboveLeft);
        return (byte)(toLeft <= toAbove && toLeft <= toBoth ? left : toAbove <= toBoth ? above : aboveLeft);
    }

    static int Distance(int a, int b)
    {
        var (red, green, blue) = ((a >> 16) - (b >> 16), (a >> 8 & 255) - (b >> 8 & 255), (a & 255) - (b & 255));
        return red * red + green * green + blue * blue;
    }

    static byte[] Written(int width, List<int> palette, List<int[]> pixels, Dictionary<int, byte> places)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            foreach (var line in pixels)
                zlib.Write([0, .. line.Select(colour => places[colour])]); // 0: no filter, which is best with a palette
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Count);
        (header[8], header[9]) = (8, 3); // bits, and that they name a place in the palette
        byte[] colours = [.. palette.SelectMany(colour => new[] { (byte)(colour >> 16), (byte)(colour >> 8), (byte)colour })];
        return
        [
            .. Signature, .. Chunk("IHDR", header), .. Chunk("PLTE", colours), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];
    }

    /// <summary>Length of the content, type, content, CRC-32 of type and content.</summary>
    static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32(chunk.AsSpan(4..^4)));
        return chunk;
    }

    /// <summary>Of ISO 3309, with the polynomial reversed; not the Castagnoli one of Kafka's record batches.</summary>
    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
