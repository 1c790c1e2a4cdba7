using System.Text.Json;

namespace Millrace.Streams.Explain;

/// <summary>What became of one record. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.</summary>
/// <param name="Verdict">One of <see cref="Verdicts"/>.</param>
/// <param name="LogStartOffset">Inclusive; null: not known.</param>
/// <param name="LogEndOffset">Exclusive; null: not known.</param>
/// <param name="CommittedOffset">The next the group will read; null: it has committed none.</param>
/// <param name="Record">null where the topic has none at this offset.</param>
/// <param name="Columns">What becomes of each field; empty without a value.</param>
/// <param name="Rows">Of the target table; more than one is a record stored twice.</param>
/// <param name="DeadLetters">Of the dead letters.</param>
public sealed record RecordExplanation(
    string Topic,
    int Partition,
    long Offset,
    string Stream,
    string Verdict,
    string Sentence,
    long? LogStartOffset,
    long? LogEndOffset,
    long? CommittedOffset,
    FoundRecord? Record,
    IReadOnlyList<ColumnVerdict> Columns,
    IReadOnlyList<JsonElement> Rows,
    IReadOnlyList<JsonElement> DeadLetters)
{
    /// <summary>The record is where it should be, or on its way.</summary>
    public bool IsWell => Verdict
        is Verdicts.Row or Verdicts.DeadLetter or Verdicts.Tombstone
        or Verdicts.NoRecord or Verdicts.NotReadYet or Verdicts.NotThereYet;
}

/// <summary>A record of Kafka. Immutable.</summary>
/// <param name="Time">ISO 8601; null: it has none.</param>
/// <param name="Key">As text; null: it has none.</param>
/// <param name="Value">As text, at most <see cref="RecordText.Longest"/> characters of it; null: it has none.</param>
/// <param name="ValueBytes">Of the whole value.</param>
public sealed record FoundRecord(DateTimeOffset? Time, string? Key, IReadOnlyList<FoundHeader> Headers, string? Value, long ValueBytes);

/// <summary>A header of a record. Immutable.</summary>
/// <param name="Value">As text; null: it has none.</param>
public sealed record FoundHeader(string Name, string? Value);

/// <summary>What became of one field. Immutable.</summary>
/// <param name="Field">As it stands in the record; null where it does not.</param>
/// <param name="Value">What the table takes, as text; null: NULL, or nothing.</param>
/// <param name="Error">Why the record is a dead letter; null when the field is well.</param>
public sealed record ColumnVerdict(string Column, string Type, string? Field, string? Value, string? Error);

/// <summary>The words of <see cref="RecordExplanation.Verdict"/>.</summary>
public static class Verdicts
{
    public const string Row = "row";
    public const string DeadLetter = "dead_letter";
    public const string StoredTwice = "stored_twice";
    public const string OtherRecord = "other_record";
    public const string Tombstone = "tombstone";
    public const string NoRecord = "no_record";
    public const string NotReadYet = "not_read_yet";
    public const string NotThereYet = "not_there_yet";
    public const string Gone = "gone";
    public const string Missing = "missing";
    public const string Offline = "offline";
}
