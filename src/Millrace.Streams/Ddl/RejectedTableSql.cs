using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What is rejected, on its way to the dead letters, and whole blocks that are to be parsed once more: a view that takes them from the
/// parsed table into a table that stores nothing. ClickHouse plans a view anew for each block it is given, and gives none to a view behind
/// a table that got no row. So an ordinary flush pays for this view alone, which asks nothing, and not for those behind it.
/// </summary>
static class RejectedTableSql
{
    /// <summary>The record and its origin.</summary>
    public static IReadOnlyList<string> RecordColumns { get; } =
        [.. StoredRange.OriginColumns, "kafka_key String", "kafka_value String", .. RecordFields.HeaderColumns];

    /// <summary>
    /// The record and its origin, and what parsing it told: an event of its stream; refused or changed by ClickHouse's parser; in a block
    /// with such a one.
    /// </summary>
    public static IReadOnlyList<string> Columns { get; } = [.. RecordColumns, "_valid Bool", "_is_lossy Bool", "_inexact Bool"];

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
        SELECT {string.Join(", ", Columns.Select(Sql.NameOf))} FROM {stream.ParsedTable} WHERE NOT _valid OR _inexact
        """;
}
