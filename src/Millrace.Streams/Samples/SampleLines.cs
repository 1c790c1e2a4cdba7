using System.Globalization;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Samples;

/// <summary>Cuts a stream into lines of bytes: a record need not be text.</summary>
static class SampleLines
{
    const int BufferBytes = 1 << 16;

    static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads on as they are taken; blank lines are left out, and counted.</summary>
    /// <exception cref="StreamDefinitionException">A line is longer than a record may be.</exception>
    public static IEnumerable<(long Number, byte[] Bytes)> Read(string file, Stream stream)
    {
        using var bytes = new BufferedStream(stream, BufferBytes);
        var line = new List<byte>();
        for (var number = 1L; ; number++)
        {
            line.Clear();
            int one;
            while ((one = bytes.ReadByte()) is not (-1 or '\n'))
                if (line.Count < SampleRecord.MostBytes) line.Add((byte)one);
                else throw TooLong(file, number);
            if (Trimmed(line, number) is { Length: > 0 } value) yield return (number, value);
            if (one == -1) yield break;
        }
    }

    /// <summary>What is said of a record that no topic takes.</summary>
    public static StreamDefinitionException TooLong(string file, long line) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{file}, line {line}: the record has more than {SampleRecord.MostBytes:N0} bytes, which no topic takes unless its "
            + $"message.max.bytes is raised; shorten it"));

    /// <summary>Empty for a blank line.</summary>
    static byte[] Trimmed(List<byte> line, long number)
    {
        ReadOnlySpan<byte> bytes = line.ToArray();
        if (number == 1 && bytes.StartsWith(ByteOrderMark)) bytes = bytes[ByteOrderMark.Length..];
        if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
        return bytes.ContainsAnyExcept((byte)' ', (byte)'\t') ? bytes.ToArray() : [];
    }
}
