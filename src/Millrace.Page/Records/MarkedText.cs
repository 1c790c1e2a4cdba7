using System.Text;
using System.Text.Json;

namespace Millrace.Page.Records;

/// <summary>Marks in the text of a value what made its record a dead letter.</summary>
static class MarkedText
{
    /// <summary>As deep as ClickHouse reads JSON, and deeper.</summary>
    static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>
    /// The whole text in pieces. Marked are the values of the failed fields of an object; of what is no JSON, all from where it stops
    /// being some; of other JSON, all.
    /// </summary>
    /// <param name="failed">Names of fields; none where the value is no JSON object.</param>
    public static IReadOnlyList<TextPiece> Of(byte[] value, IReadOnlyCollection<string> failed)
    {
        var marks = new List<Range>();
        try
        {
            Read(value, failed, marks);
        }
        catch (JsonException e)
        {
            marks.Add(PlaceOf(e, value)..value.Length);
        }
        return Cut(value, marks);
    }

    static void Read(byte[] value, IReadOnlyCollection<string> failed, List<Range> marks)
    {
        var reader = new Utf8JsonReader(value, Options);
        if (!reader.Read()) return;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            marks.Add(start..(int)reader.BytesConsumed);
        }
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var isFailed = reader.CurrentDepth == 1 && failed.Contains(NameOf(ref reader));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isFailed) marks.Add(start..(int)reader.BytesConsumed);
        }
    }

    /// <summary>A name may hold half a surrogate pair, which is no text.</summary>
    static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Where the JSON reader gave up: it counts lines and the bytes of the last one.</summary>
    static int PlaceOf(JsonException trouble, ReadOnlySpan<byte> value)
    {
        var at = 0;
        for (var line = trouble.LineNumber ?? 0; line > 0 && value[at..].IndexOf((byte)'\n') is >= 0 and var end; line--) at += end + 1;
        at = (int)Math.Min(at + (trouble.BytePositionInLine ?? 0), value.Length);
        // A word is wrong as a whole, not from the letter on that gave it away.
        while (at > 0 && at < value.Length && IsOfWord(value[at - 1])) at--;
        return at;
    }

    static bool IsOfWord(byte one) => char.IsAsciiLetterOrDigit((char)one) || one is (byte)'_' or (byte)'-' or (byte)'.';

    static List<TextPiece> Cut(byte[] value, List<Range> marks)
    {
        var (pieces, at) = (new List<TextPiece>(), 0);
        foreach (var mark in marks)
        {
            Add(at, mark.Start.Value, isMarked: false);
            Add(mark.Start.Value, mark.End.Value, isMarked: true);
            at = mark.End.Value;
        }
        Add(at, value.Length, isMarked: false);
        return pieces;

        void Add(int from, int to, bool isMarked)
        {
            if (from < to) pieces.Add(new TextPiece(Encoding.UTF8.GetString(value.AsSpan(from, to - from)), isMarked));
        }
    }
}

/// <summary>A part of a text. Immutable.</summary>
/// <param name="IsMarked">It is what is wrong.</param>
sealed record TextPiece(string Text, bool IsMarked);
