using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The view that parses records. Every field is extracted as text and converted by a function that answers NULL instead of failing: JSONExtract straight into
/// Decimal or DateTime64 throws for numbers out of range, into an integer it cuts 1.5 to 1 (tests: PoisonTests). An exception in a view would stop the stream for ever.
/// </summary>
static class ParseViewSql
{
    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.ParseView} TO {stream.ParsedTable} AS
        WITH {Fields(stream)} AS fields
        SELECT
            {Sql.Lines([.. stream.Columns.Select(column => $"{ValueSql.Of(column)} AS {column.Name}"), .. Origin, $"{Valid(stream)} AS valid"])}
        FROM {stream.QueueTable}
        """;

    /// <summary>The text of each field of <c>message</c>, NULL where there is none: a tuple with the names of the columns.</summary>
    public static string Fields(StreamDefinition stream) =>
        $"JSONExtract(message, 'Tuple({string.Join(", ", stream.Columns.Select(column => $"{column.Name} Nullable(String)"))})')";

    static IReadOnlyList<string> Origin { get; } =
    [
        "_topic AS kafka_topic",
        "toUInt32(_partition) AS kafka_partition",
        "_offset AS kafka_offset",
        "ifNull(_timestamp_ms, toDateTime64(0, 3)) AS kafka_timestamp",
        "_key AS kafka_key",
        "message",
    ];

    /// <summary>JSONExtract would fill a tuple from an array by position, so the record must be an object; nearly always its first character tells.</summary>
    static string Valid(StreamDefinition stream) =>
        string.Join("\n        AND ", ["(startsWith(message, '{') OR JSONType(message) = 'Object')", .. stream.Columns.Where(column => column.IsRequired || !column.Type.IsText).Select(IsValid)]);

    static string IsValid(ColumnDefinition column) =>
        column.IsRequired ? $"{column.Name} IS NOT NULL" : $"(fields.{column.Name} IS NULL OR {column.Name} IS NOT NULL)";
}
