using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>The parsed table, which stores nothing: a record is parsed once, and both views behind the table see the outcome.</summary>
static class ParsedTableSql
{
    public static string Create(StreamDefinition stream)
    {
        var columns = stream.Columns.Select(column => $"{column.Name} {(column.Type with { IsNullable = true }).Sql}");
        return $"""
            CREATE TABLE IF NOT EXISTS {stream.ParsedTable}
            (
                {Sql.Lines([.. columns, .. StoredRange.OriginColumns, "kafka_key String", "message String", "valid Bool"])}
            )
            ENGINE = Null
            """;
    }
}
