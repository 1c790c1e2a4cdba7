using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What is rejected, on its way to the dead letters, and whole blocks that are to be parsed once more: a view that takes them from the
/// parsed table into a table that stores nothing. ClickHouse plans a view anew for each block it is given, and gives none to a view behind
/// a table that got no row. So an ordinary flush pays for this view alone, which asks nothing, and not for those behind it.
/// </summary>
static class RejectedTableSql
{
    /// <summary>The record and its origin, and whether its block is to be parsed once more.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        [.. StoredRange.OriginColumns, "kafka_key String", "message String", "inexact Bool"];

    /// <summary>The names of the record and its origin.</summary>
    public static IReadOnlyList<string> Record { get; } = [.. Columns.SkipLast(1).Select(column => column.Split(' ')[0])];

    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.RejectedTable}
        (
            {Sql.Lines(Columns)}
        )
        ENGINE = Null
        """;

    public static string CreateView(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.RejectedView} TO {stream.RejectedTable} AS
        SELECT {string.Join(", ", Record)}, inexact FROM {stream.ParsedTable} WHERE NOT valid OR inexact
        """;
}
