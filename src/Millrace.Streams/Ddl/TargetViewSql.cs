using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The two views that move valid events to the target table: from the parsed table, and from the reparsed table those of blocks that were
/// parsed once more. Of one block only one of them takes rows, so that a flush stays one insert.
/// </summary>
static class TargetViewSql
{
    public static string Create(StreamDefinition stream) =>
        Create(stream, stream.TargetView, stream.ParsedTable, "NOT _p._inexact");

    public static string CreateExact(StreamDefinition stream) => Create(stream, stream.ExactView, stream.ReparsedTable, "_p._inexact");

    /// <remarks>
    /// Every column is qualified: in WHERE a bare name would mean the alias, which assumeNotNull has already made a default.
    /// </remarks>
    static string Create(StreamDefinition stream, string view, string source, string condition) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {view} TO {stream.TargetTable} AS
        {StoredOffsets.With(stream.TargetTable, stream.Topic)}
        SELECT
            {Sql.Lines(Values(stream))}
        FROM {source} AS _p
        WHERE {condition} AND {StoredOffsets.IsNew("_p._valid", stream.TargetTable, stream.Topic)}
        """;

    /// <summary>A row of the target table, of a record <c>p</c> that is an event.</summary>
    public static IReadOnlyList<string> Values(StreamDefinition stream) =>
        [.. stream.Columns.Select(Value), .. Origin, "now64(3) AS inserted_at"];

    static IReadOnlyList<string> Origin { get; } = ["_p.kafka_topic", "_p.kafka_partition", "_p.kafka_offset", "_p.kafka_timestamp"];

    static string Value(ColumnDefinition column) => column.Expression is { } computed ? $"({computed}) AS {column.Name}" : Read(column);

    static string Read(ColumnDefinition column) => $"_p.{column.Name}" is var value && column.Type.IsNullable
        ? value
        : $"{column.Type.Given(value)} AS {column.Name}";
}
