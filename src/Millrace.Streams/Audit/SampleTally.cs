using System.Globalization;
using System.Text.Json;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Compares records with what is stored of them, and counts. Not thread-safe.</summary>
sealed class SampleTally
{
    /// <summary>Characters of a value in a sentence.</summary>
    const int Longest = 200;

    readonly List<SampleDifference> _differences = [];
    long _records;
    long _rows;
    long _letters;
    long _tombstones;
    long _unread;
    long _values;
    long _notCompared;

    /// <summary>Differences by place: records come from their topics in any order.</summary>
    public SampleReport ToReport(int seed) => new(
        seed, _records, _rows, _letters, _tombstones, _unread, _values, _notCompared,
        [.. _differences.OrderBy(one => one.Topic, StringComparer.Ordinal).ThenBy(one => one.Partition).ThenBy(one => one.Offset)]);

    /// <summary>So many offsets hold no record, or it did not come.</summary>
    public void NoteUnread(int offsets) => _unread += offsets;

    /// <param name="columns">Those that the rows' values are of, each read from the record's JSON.</param>
    /// <param name="rows">What the table holds of the record.</param>
    /// <param name="letters">What the dead letters hold of it: key and message in hexadecimal, or nothing of one that was dropped.</param>
    public void Add(
        StreamDefinition stream, IReadOnlyList<ColumnDefinition> columns, TopicRecord record, IReadOnlyList<StoredValues> rows,
        IReadOnlyList<StoredValues> letters)
    {
        _records++;
        if (record.Value is not { Length: > 0 } value) _tombstones++;
        else if (rows.Count > 1 || letters.Count > 1)
            Differ(stream, record, $"is stored as {rows.Count} rows and {letters.Count} dead letters");
        else if (rows.Count == 1) CompareRow(stream, columns, record, value, rows[0]);
        else if (letters.Count == 1) CompareLetter(stream, record, value, letters[0]);
        else Differ(stream, record, $"is neither a row of {stream.TargetTable} nor a dead letter");
    }

    void CompareRow(
        StreamDefinition stream, IReadOnlyList<ColumnDefinition> columns, TopicRecord record, byte[] value, StoredValues row)
    {
        _rows++;
        if (columns.Count == 0) return;
        using var json = Parse(value);
        foreach (var (column, stored) in columns.Zip(row.Values))
        {
            var (same, sent) = json is null ? (null, null) : Compare(column, json.RootElement, stored, row.IsOlder);
            if (same is null) _notCompared++;
            else _values++;
            if (same is false) Differ(stream, record, column.Name, sent, stored);
        }
    }

    void CompareLetter(StreamDefinition stream, TopicRecord record, byte[] value, StoredValues letter)
    {
        _letters++;
        if (letter.Values is not [{ } key, { } message]) return;
        _values += 2;
        Compare("kafka_key", Convert.ToHexString(record.Key ?? []), key);
        Compare("message", Convert.ToHexString(value), message);

        void Compare(string column, string sent, string stored)
        {
            if (sent != stored) Differ(stream, record, column, $"0x{sent}", $"0x{stored}");
        }
    }

    /// <returns>null where it can't be told here, and the field as it was sent, null where there is none.</returns>
    static (bool? Same, string? Sent) Compare(ColumnDefinition column, JsonElement record, string? stored, bool isOlder)
    {
        try
        {
            var sent = Field(record, column.Path!);
            var same = AreSame(column, sent, stored);
            return (same is false && isOlder && FieldComparison.IsDefault(stored) ? null : same, sent?.GetRawText());
        }
        catch (InvalidOperationException)
        {
            // Half of a pair of UTF-16: JSON may have it, and .NET makes no text of it.
            return (null, null);
        }
    }

    /// <returns>null where it can't be told here.</returns>
    static bool? AreSame(ColumnDefinition column, JsonElement? sent, string? stored)
    {
        if (sent is not { ValueKind: not JsonValueKind.Null } given)
        {
            var rule = sent is null ? column.Rules.Missing : column.Rules.Null;
            return rule == ValueRule.Null ? stored is null : null;
        }
        var same = FieldComparison.AreSame(column.Type.BareSql, given, stored);
        // What is no value may have become another one, as the column says.
        return same is false && column.Rules.Invalid != ValueRule.Reject ? null : same;
    }

    /// <returns>null where .NET takes it for no JSON.</returns>
    static JsonDocument? Parse(byte[] value)
    {
        try
        {
            return JsonDocument.Parse(value, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>null where the record has none.</returns>
    static JsonElement? Field(JsonElement record, JsonPath path)
    {
        var at = record;
        foreach (var step in path.Steps)
        {
            if (step.Name is { } name)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
                continue;
            }
            if (at.ValueKind != JsonValueKind.Array) return null;
            var index = step.Index < 0 ? at.GetArrayLength() + step.Index : step.Index;
            if (index < 0 || index >= at.GetArrayLength()) return null;
            at = at[index];
        }
        return at;
    }

    void Differ(StreamDefinition stream, TopicRecord record, string what) =>
        Note(stream, record, null, null, null, what);

    void Differ(StreamDefinition stream, TopicRecord record, string column, string? sent, string? stored) =>
        Note(stream, record, column, sent, stored, $"has {Cut(sent) ?? "nothing"} for {column}, and {Cut(stored) ?? "NULL"} is stored");

    void Note(StreamDefinition stream, TopicRecord record, string? column, string? sent, string? stored, string what)
    {
        var sentence = string.Create(CultureInfo.InvariantCulture, $"{stream.Topic}[{record.Partition}] offset {record.Offset} {what}.");
        _differences.Add(new(stream.Topic, record.Partition, record.Offset, column, sent, stored, sentence));
    }

    /// <summary>What a terminal would obey is escaped.</summary>
    static string? Cut(string? text)
    {
        if (text is null || text.Length <= Longest) return text is null ? null : RecordText.Escape(text);
        return $"{RecordText.Escape(text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)])}...";
    }
}
