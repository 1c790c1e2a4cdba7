using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The view that parses records. Every field is extracted as text and converted by a function that answers NULL instead of failing:
/// JSONExtract straight into Decimal or DateTime64 throws for numbers out of range, into an integer it cuts 1.5 to 1, and of a name that
/// occurs twice it takes the first that fits the type instead of the first (tests: PoisonTests, ValuesTests). An exception in a view would
/// stop the stream for ever.
/// </summary>
static class ParseViewSql
{
    /// <summary>
    /// JSONExtract would fill a tuple from an array by position, so the record must be an object; nearly always its first character tells.
    /// </summary>
    const string IsJsonObject = "startsWith(kafka_value, '{') OR JSONType(kafka_value) = 'Object'";

    /// <summary>The record as JSON, which it is itself or becomes by its format.</summary>
    const string Json = "_json";

    const string Inexact = "max(_is_lossy) OVER () AS _inexact";

    /// <summary>
    /// A block with a record that the parser refused or changed is <c>inexact</c> as a whole: it goes another way, where it is parsed once
    /// more (<see cref="ReparsedTableSql"/>). As a whole, since two parts of one flush would break exactly-once
    /// (docs/decisions/0012-exact-json.md).
    /// </summary>
    public static string Create(StreamDefinition stream)
    {
        var fields = new RecordFields(stream);
        var json = JsonOf(stream);
        return $"""
            CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.ParseView} TO {stream.ParsedTable} AS
            WITH
                {With(stream, fields, "_fields")},
                {IsLossy(stream, fields, "_fields")} AS _is_lossy
            SELECT
                {Sql.Lines([
                    .. stream.ReadColumns.Select(column => $"{Value(column)} AS {column.Name}"),
                    .. Origin,
                    .. RecordFields.Headers,
                    $"{Valid(stream, IsObject(stream), column => ColumnValueSql.IsAccepted(column, Text(column), json))} AS _valid",
                    "_is_lossy",
                    Inexact])}
            FROM {stream.QueueTable}{Settings(stream)}
            """;

        string Value(ColumnDefinition column) => ColumnValueSql.Value(column, Text(column), json, JsonReading.AsParsed);

        string Text(ColumnDefinition column) => fields.Text(column, json, "_fields");
    }

    /// <summary>What WITH says of a record, for <see cref="IsLossy"/>: the fields of its columns, by that name.</summary>
    public static string With(StreamDefinition stream, RecordFields fields, string name)
    {
        var made = stream.Format.IsJson ? "" : $"{stream.Format.ToJson("kafka_value")} AS {Json}, ";
        return $"{made}{fields.Extracted(JsonOf(stream))} AS {name}";
    }

    static string JsonOf(StreamDefinition stream) => stream.Format.IsJson ? "kafka_value" : Json;

    /// <summary>Whether the record is one that has fields.</summary>
    public static string IsObject(StreamDefinition stream) => stream.Format.IsJson ? IsJsonObject : $"{Json} != ''";

    /// <summary>What the SELECT of a view that makes the columns' values ends with; empty for nothing.</summary>
    public static string Settings(StreamDefinition stream) =>
        stream.ReadColumns.Any(column => column.Type.HoldsJson) ? $"\nSETTINGS {JsonType.Settings}" : "";

    /// <summary>
    /// Whether the parser refused the record, though it may be valid JSON, or may have changed digits that a column takes.
    /// </summary>
    /// <param name="extracted">The name of the fields that <see cref="With"/> gave.</param>
    public static string IsLossy(StreamDefinition stream, RecordFields fields, string extracted)
    {
        var inJson = stream.ReadColumns.Where(column => column.Path is not null).ToList();
        // Every other format gives texts, which the parser takes as they are; but one may be JSON itself.
        if (!stream.Format.IsJson)
        {
            var changed = inJson.Where(column => column.Type is CompositeType or JsonType).Select(IsChanged).OfType<string>().ToList();
            return changed.Count > 0 ? string.Join(" OR ", changed) : "false";
        }
        // What the parser refuses has no field at all; a record without a field that none may lack is no ordinary one.
        var telling = inJson.Find(column => column.IsRequired) is { } required ? [required] : inJson;
        var isRefused = string.Join(" AND ", [.. telling.Select(column => $"{Text(column)} IS NULL"), "NOT isValidJSON(kafka_value)"]);
        return string.Join("\n        OR ", [$"({isRefused})", .. inJson.Select(IsChanged).OfType<string>()]);

        string Text(ColumnDefinition column) => fields.Text(column, JsonOf(stream), extracted);

        string? IsChanged(ColumnDefinition column) =>
            column.Type.IsChanged($"assumeNotNull({Text(column)})", RecordFields.TypeOf(column.Path!, JsonOf(stream)));
    }

    static IReadOnlyList<string> Origin { get; } =
    [
        "_topic AS kafka_topic",
        "toUInt32(_partition) AS kafka_partition",
        "_offset AS kafka_offset",
        "ifNull(_timestamp_ms, toDateTime64(0, 3)) AS kafka_timestamp",
        "_key AS kafka_key",
        "kafka_value",
    ];

    /// <summary>Whether the record is an event of its stream.</summary>
    /// <param name="isAccepted">What each column asks; null for nothing.</param>
    public static string Valid(StreamDefinition stream, string isObject, Func<ColumnDefinition, string?> isAccepted) =>
        string.Join("\n        AND ", [$"({isObject})", .. stream.ReadColumns.Select(isAccepted).OfType<string>()]);
}
