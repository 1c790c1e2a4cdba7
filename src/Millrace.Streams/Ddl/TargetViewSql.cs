using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>The view that moves valid events from the parsed table to the target table.</summary>
static class TargetViewSql
{
    /// <remarks>Every column is qualified: in WHERE a bare name would mean the alias, which assumeNotNull has already made a default.</remarks>
    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.TargetView} TO {stream.TargetTable} AS
        {StoredOffsets.With(stream.TargetTable, stream.Topic)}
        SELECT
            {Sql.Lines([.. stream.Columns.Select(Value), "p.kafka_topic", "p.kafka_partition", "p.kafka_offset", "p.kafka_timestamp", "now64(3) AS inserted_at"])}
        FROM {stream.ParsedTable} AS p
        WHERE {StoredOffsets.IsNew("p.valid", stream.TargetTable, stream.Topic)}
        """;

    static string Value(ColumnDefinition column) => column.IsRequired ? $"assumeNotNull(p.{column.Name}) AS {column.Name}" : $"p.{column.Name}";
}
