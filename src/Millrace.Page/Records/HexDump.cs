using System.Globalization;
using System.Text;

namespace Millrace.Page.Records;

/// <summary>Bytes as <c>hexdump -C</c> shows them.</summary>
static class HexDump
{
    const int Width = 16;

    /// <summary>A line for each 16 bytes: where they begin, the bytes, and those of them that are printable ASCII.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += Width) Append(text, at, bytes[at..Math.Min(at + Width, bytes.Length)]);
        return text.ToString();
    }

    static void Append(StringBuilder text, int at, ReadOnlySpan<byte> line)
    {
        text.Append(CultureInfo.InvariantCulture, $"{at:x8}  ");
        for (var i = 0; i < Width; i++)
        {
            if (i < line.Length) text.Append(CultureInfo.InvariantCulture, $"{line[i]:x2} ");
            else text.Append("   ");
            if (i == Width / 2 - 1) text.Append(' ');
        }
        text.Append(" |");
        foreach (var one in line) text.Append(one is >= 0x20 and < 0x7f ? (char)one : '.');
        text.Append("|\n");
    }
}
