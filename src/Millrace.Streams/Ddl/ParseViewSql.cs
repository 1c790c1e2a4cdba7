using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

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
    public const string IsObject = "startsWith(message, '{') OR JSONType(message) = 'Object'";

    const string Inexact = "max(is_lossy) OVER () AS inexact";

    /// <summary>
    /// A block with a record that the parser refused or changed is <c>inexact</c> as a whole: it goes another way, where it is parsed once
    /// more (<see cref="ReparsedTableSql"/>). As a whole, since two parts of one flush would break exactly-once
    /// (docs/decisions/0012-exact-json.md).
    /// </summary>
    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.ParseView} TO {stream.ParsedTable} AS
        WITH
            {Extracted(stream, "message")} AS fields,
            {IsLossy(stream, "fields")} AS is_lossy
        SELECT
            {Sql.Lines([.. Values(stream), .. Origin, $"{Valid(stream, IsObject)} AS valid", "is_lossy", Inexact])}
        FROM {stream.QueueTable}
        """;

    /// <summary>The text of each field of <paramref name="message"/>, NULL where there is none: a tuple with the columns' names.</summary>
    public static string Extracted(StreamDefinition stream, string message) =>
        $"JSONExtract({message}, 'Tuple({string.Join(", ", stream.Columns.Select(column => $"{column.Name} Nullable(String)"))})')";

    /// <summary>
    /// Whether the parser refused the record, though it may be valid JSON, or may have changed digits that a column takes.
    /// </summary>
    /// <param name="fields">The name of what <see cref="Extracted"/> gave.</param>
    public static string IsLossy(StreamDefinition stream, string fields)
    {
        var required = stream.Columns.First(column => column.IsRequired).Name;
        var isRefused = $"({fields}.{required} IS NULL AND NOT isValidJSON(message))";
        return string.Join("\n        OR ", [isRefused, .. stream.Columns.Select(column => IsChanged(column, fields)).OfType<string>()]);
    }

    static string? IsChanged(ColumnDefinition column, string fields) =>
        column.Type.IsChanged($"assumeNotNull({fields}.{column.Name})", $"JSONType(message, {Sql.Text(column.Name)})");

    /// <summary>The column's value, from what is named <c>fields</c>; NULL where it has none.</summary>
    public static string Value(ColumnDefinition column) => column.Type.Value($"fields.{column.Name}");

    /// <summary>The columns' values, from what is named <c>fields</c>.</summary>
    public static IEnumerable<string> Values(StreamDefinition stream) =>
        stream.Columns.Select(column => $"{Value(column)} AS {column.Name}");

    static IReadOnlyList<string> Origin { get; } =
    [
        "_topic AS kafka_topic",
        "toUInt32(_partition) AS kafka_partition",
        "_offset AS kafka_offset",
        "ifNull(_timestamp_ms, toDateTime64(0, 3)) AS kafka_timestamp",
        "_key AS kafka_key",
        "message",
    ];

    /// <summary>Whether the record is an event of its stream.</summary>
    public static string Valid(StreamDefinition stream, string isObject) => string.Join(
        "\n        AND ",
        [$"({isObject})", .. stream.Columns.Where(column => column.IsRequired || !column.Type.IsText).Select(IsValid)]);

    static string IsValid(ColumnDefinition column) =>
        column.IsRequired ? $"{column.Name} IS NOT NULL" : $"(fields.{column.Name} IS NULL OR {column.Name} IS NOT NULL)";
}
