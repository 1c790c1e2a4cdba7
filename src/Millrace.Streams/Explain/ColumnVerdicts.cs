using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Explain;

/// <summary>Lets ClickHouse judge one record by the very expressions of the parse view.</summary>
static class ColumnVerdicts
{
    /// <param name="record">With a value.</param>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyList<ColumnVerdict>> ReadAsync(
        ClickHouseClient client, StreamDefinition stream, TopicPartitionOffset place, Message<byte[]?, byte[]?> record,
        CancellationToken cancellation)
    {
        var fields = new RecordFields(stream);
        var records = $"""
            (
                WITH {ParseViewSql.With(stream, fields, "_quick_fields")}
                SELECT {string.Join(", ", ["*", .. RecordFields.Headers])},
                    {ParseViewSql.IsLossy(stream, fields, "_quick_fields")} AS _is_lossy
                FROM (SELECT {Sql.Lines(Record(place, record))})
            )
            """;
        var query = $"""
            SELECT (arrayJoin([{string.Join(", ", stream.ReadColumns.Select(column => Field(stream, column)))}]) AS field).1 AS name,
                field.2 AS raw, field.3 AS parsed
            FROM {ReparsedTableSql.Read(stream, records, SentJson.OfRecord(stream, null))}{ParseViewSql.Settings(stream)}
            """;
        var answer = await client.QueryAsync<FieldRow>(query, cancellation: cancellation).ConfigureAwait(false);
        var rows = answer.ToDictionary(row => row.Name);
        return [.. stream.ReadColumns.Select(column => Judge(column, rows[column.Name]))];
    }

    /// <summary>The record as the queue table and the parse view name its parts.</summary>
    static IEnumerable<string> Record(TopicPartitionOffset place, Message<byte[]?, byte[]?> record)
    {
        var headers = record.Headers ?? [];
        var names = headers.Select(header => Bytes(Encoding.UTF8.GetBytes(header.Key)));
        var values = headers.Select(header => Bytes(header.GetValueBytes()));
        return
        [
            $"{Bytes(record.Value)} AS kafka_value",
            $"{Bytes(record.Key)} AS kafka_key",
            $"{Sql.Text(place.Topic)} AS kafka_topic",
            string.Create(CultureInfo.InvariantCulture, $"toUInt32({place.Partition.Value}) AS kafka_partition"),
            string.Create(CultureInfo.InvariantCulture, $"toUInt64({place.Offset.Value}) AS kafka_offset"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"fromUnixTimestamp64Milli(toInt64({Math.Max(0, record.Timestamp.UnixTimestampMs)})) AS kafka_timestamp"),
            $"CAST([{string.Join(", ", names)}], 'Array(String)') AS `_headers.name`",
            $"CAST([{string.Join(", ", values)}], 'Array(String)') AS `_headers.value`",
        ];
    }

    static string Bytes(byte[]? bytes) => $"unhex('{Convert.ToHexString(bytes ?? [])}')";

    static string Field(StreamDefinition stream, ColumnDefinition column) =>
        $"({Sql.Text(column.Name)}, {SentJson.Of(stream, column)}, {Shown(column, ReparsedTableSql.Value(stream, column))})";

    /// <summary>As text, NULL for none.</summary>
    static string Shown(ColumnDefinition column, string value) => column.Type is CompositeType
        ? $"arrayMap(value -> toNullable(toString(value)), {value})[1]"
        : $"toString({value})";

    static ColumnVerdict Judge(ColumnDefinition column, FieldRow field)
    {
        var raw = field.Raw == "" ? null : field.Raw;
        var (rule, reason) = raw switch
        {
            null => (column.Rules.Missing, "is missing"),
            "null" => (column.Rules.Null, "is null"),
            _ => (column.Rules.Invalid, $"is not a valid {column.Type.BareSql}"),
        };
        var isRefused = field.Parsed is null && rule is ValueRule.Reject or ValueRule.Round;
        return new ColumnVerdict(column.Name, column.Type.Sql, raw, field.Parsed, isRefused ? reason : null);
    }

    sealed record FieldRow(string Name, string Raw, string? Parsed);
}
