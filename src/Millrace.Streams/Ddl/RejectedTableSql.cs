using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What is rejected, on its way to the dead letters: a view that takes it from the parsed table into a table that stores nothing.
/// ClickHouse plans a view anew for each block it is given, and gives none to a view behind a table that got no row. So a flush without
/// a dead letter pays for this view alone, which asks nothing, and not for the question and the reasons of the view behind it.
/// </summary>
static class RejectedTableSql
{
    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.RejectedTable}
        (
            {Sql.Lines([.. ParsedTableSql.Columns(stream)])}
        )
        ENGINE = Null
        """;

    public static string CreateView(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.RejectedView} TO {stream.RejectedTable} AS
        SELECT * FROM {stream.ParsedTable} WHERE NOT valid
        """;
}
