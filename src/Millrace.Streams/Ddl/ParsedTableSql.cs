using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>The parsed table, which stores nothing: a record is parsed once, and all views behind the table see the outcome.</summary>
static class ParsedTableSql
{
    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.ParsedTable}
        (
            {Sql.Lines([.. Columns(stream)])}
        )
        ENGINE = Null
        """;

    /// <summary>Name and type of each: the stream's own, which are NULL where the record has no usable value, the origin, the record, the verdict.</summary>
    public static IEnumerable<string> Columns(StreamDefinition stream) =>
        stream.Columns.Select(column => $"{column.Name} {(column.Type with { IsNullable = true }).Sql}")
            .Concat([.. StoredRange.OriginColumns, "kafka_key String", "message String", "valid Bool"]);
}
