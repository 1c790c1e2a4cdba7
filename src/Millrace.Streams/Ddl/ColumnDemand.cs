using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Formats;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What a stream asks of one field of its records, as the comment of the column in the parsed table says it: so a setup can tell whether an
/// edit asks for more than the views of before do. Immutable.
/// </summary>
/// <param name="Source">Where the value comes from, and how a time is written there.</param>
/// <param name="Rejects">
/// Of "missing", "null", "invalid" and "digits" (those that the type does not keep) what makes a record a dead letter.
/// </param>
sealed record ColumnDemand(string Source, IReadOnlyList<string> Rejects)
{
    const string Between = "; rejects ";
    const string Nothing = "nothing";
    const string Invalid = "invalid";
    const int FingerprintBytes = 4;

    public bool RejectsInvalid => Rejects.Contains(Invalid);

    public static ColumnDemand Of(StreamDefinition stream, ColumnDefinition column)
    {
        var (rules, format) = (column.Rules, column.Type.Format);
        (string Word, bool IsRejected)[] all =
        [
            ("missing", rules.Missing == ValueRule.Reject),
            ("null", rules.Null == ValueRule.Reject && column.Path is not null),
            (Invalid, rules.RejectsInvalid && !column.Type.IsText),
            ("digits", rules.Invalid == ValueRule.Reject && column.Type.Rounded("") is not null),
        ];
        return new ColumnDemand(
            $"from {column.Source}{(column.Path is null ? "" : Of(stream.Format))}{(format is null ? "" : $" as {format.Text}")}",
            [.. all.Where(one => one.IsRejected).Select(one => one.Word)]);
    }

    /// <summary>Short, as each column has it.</summary>
    static string Of(RecordFormat format) =>
        format.IsJson ? "" : $" of {format.Name} {SqlFingerprint.Of(format.ToString(), FingerprintBytes)}";

    /// <returns>null for a comment that is none, as an older version makes none.</returns>
    public static ColumnDemand? Read(string comment)
    {
        var end = comment.LastIndexOf(Between, StringComparison.Ordinal);
        if (end < 0) return null;
        var rejects = comment[(end + Between.Length)..];
        return new ColumnDemand(comment[..end], rejects == Nothing ? [] : rejects.Split(", "));
    }

    /// <summary>Whether a record may be a dead letter by this one that is none by <paramref name="before"/>.</summary>
    public bool IsMoreThan(ColumnDemand before) =>
        Source == before.Source ? Rejects.Except(before.Rejects).Any() : Rejects.Count > 0;

    public override string ToString() => $"{Source}{Between}{(Rejects.Count > 0 ? string.Join(", ", Rejects) : Nothing)}";
}
