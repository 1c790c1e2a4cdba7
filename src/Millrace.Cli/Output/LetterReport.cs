using System.Text;
using Millrace.Streams.Letters;

namespace Millrace.Cli.Output;

/// <summary>
/// A dead letter as <c>dead-letters show</c> and <c>export</c> print it. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.
/// </summary>
/// <param name="State">waiting, retried or dropped.</param>
/// <param name="Key">null: it has none, or is no UTF-8.</param>
/// <param name="KeyBase64">Where it is no UTF-8.</param>
/// <param name="Value">null: it was dropped, or is no UTF-8.</param>
/// <param name="ValueBase64">Where it is no UTF-8.</param>
sealed record LetterReport(
    string Id, string? Stream, string Topic, int Partition, long Offset, DateTimeOffset Timestamp, string State, string Reason,
    IReadOnlyList<string> FailedColumns, DateTimeOffset InsertedAt, DateTimeOffset? RetriedAt, DateTimeOffset? DroppedAt,
    string? Key, string? KeyBase64, string? Value, string? ValueBase64, IReadOnlyList<LetterHeader> Headers)
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static LetterReport Of(Letter letter)
    {
        var ((key, keyBase64), (value, valueBase64)) = (Text(letter.Key), Text(letter.Value));
        return new LetterReport(
            $"{letter.Id}", letter.Stream, letter.Topic, letter.Partition, letter.Offset, letter.Time, StateOf(letter), letter.Reason,
            letter.FailedColumns, letter.Inserted, letter.Retried, letter.Dropped, key, keyBase64, value, valueBase64,
            [.. letter.Headers.Select(header => LetterHeader.Of(header.Name, Text(header.Value)))]);
    }

    static string StateOf(Letter letter) => letter.Retried is not null ? "retried" : letter.Dropped is not null ? "dropped" : "waiting";

    static (string? Text, string? Base64) Text(byte[] bytes)
    {
        if (bytes is []) return (null, null);
        try { return (Strict.GetString(bytes), null); }
        catch (DecoderFallbackException) { return (null, Convert.ToBase64String(bytes)); }
    }
}

/// <summary>A header of a record. Immutable.</summary>
/// <param name="Value">Empty where it has none; null where it is no UTF-8.</param>
sealed record LetterHeader(string Name, string? Value, string? ValueBase64)
{
    public static LetterHeader Of(string name, (string? Text, string? Base64) value) =>
        new(name, value.Base64 is null ? value.Text ?? "" : null, value.Base64);
}

/// <summary>
/// What <c>dead-letters export</c> and <c>drop</c> answer. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.
/// </summary>
/// <param name="Target">The file or topic; null for none.</param>
sealed record LettersDone(long Letters, string? Target);
