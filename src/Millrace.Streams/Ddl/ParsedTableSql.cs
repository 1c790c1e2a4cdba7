using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>The parsed table, which stores nothing: a record is parsed once, and all views behind the table see the outcome.</summary>
static class ParsedTableSql
{
    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.ParsedTable}
        (
            {Sql.Lines([.. stream.ReadColumns.Select(column => Commented(stream, column)), .. RejectedTableSql.Columns])}
        )
        ENGINE = Null
        """;

    /// <summary>NULL where the record has no usable value.</summary>
    public static IEnumerable<string> Values(StreamDefinition stream) => stream.ReadColumns.Select(Value);

    static string Value(ColumnDefinition column) => $"{column.Name} {column.Type.MaybeSql}";

    static string Commented(StreamDefinition stream, ColumnDefinition column) =>
        $"{Value(column)} COMMENT {Sql.Text(ColumnDemand.Of(stream, column).ToString())}";
}
