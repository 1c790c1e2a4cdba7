using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>The table for records that are not an event of their stream, and the view that finds out why.</summary>
static class DeadLettersSql
{
    /// <summary>As much of an offending value as a reason quotes, in bytes; the record itself is kept whole.</summary>
    const int QuotedLength = 100;

    /// <summary>Name and type of each, as ClickHouse shows them in system.columns.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        .. StoredRange.OriginColumns, "kafka_key String", "message String",
        "failed_columns Array(LowCardinality(String))", "reason String", TargetTableSql.InsertedAt, .. LaterColumns,
    ];

    /// <summary>The record and its origin, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> RecordColumns =>
        [.. StoredRange.OriginColumns, "kafka_key String", "message String", .. RecordFields.HeaderColumns];

    /// <summary>Those that earlier versions did not make.</summary>
    public static IReadOnlyList<string> LaterColumns =>
    [
        .. RecordFields.HeaderColumns, $"{RetriedAt} Nullable(DateTime64(3))", $"{DroppedAt} Nullable(DateTime64(3))",
        $"{HeadersKept} Bool",
    ];

    /// <summary>When its row was found in the target table (docs/decisions/0018-dead-letters-sent-again.md).</summary>
    public const string RetriedAt = "retried_at";

    /// <summary>When somebody gave it up: then key, message and headers are empty.</summary>
    public const string DroppedAt = "dropped_at";

    /// <summary>False for a letter of before a letter kept the headers of its record: nobody knows which it had.</summary>
    public const string HeadersKept = "headers_kept";

    /// <summary>Neither retried nor dropped.</summary>
    public const string Waits = $"{RetriedAt} IS NULL AND {DroppedAt} IS NULL";

    public static string CreateTable(string table, string stand) =>
        $"""
        CREATE TABLE IF NOT EXISTS {table}
        (
            {Sql.Lines([.. Columns, StoredRange.Projection])}
        )
        ENGINE = MergeTree
        ORDER BY (kafka_topic, kafka_partition, kafka_offset)
        SETTINGS {StoredRange.TableSettings}
        COMMENT {Sql.Text(StandMark.OfTable(stand))}
        """;

    /// <summary>The view sees what is rejected alone (<see cref="RejectedTableSql"/>), so it may take its time.</summary>
    public static string CreateView(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.DeadLetterView} TO {stream.DeadLetterTable} AS
        {StoredOffsets.With(stream.DeadLetterTable, stream.Topic)},
        {Faults(stream)}
        SELECT
            {Sql.Lines(Values(stream))}
        FROM {stream.ReparsedTable} AS _p
        WHERE {StoredOffsets.IsNew("NOT _p._valid", stream.DeadLetterTable, stream.Topic)}
        """;

    /// <summary>A dead letter of a record <c>_p</c> that is no event; beside <see cref="Faults"/>.</summary>
    public static IReadOnlyList<string> Values(StreamDefinition stream) =>
    [
        "_p.kafka_topic", "_p.kafka_partition", "_p.kafka_offset", "_p.kafka_timestamp", "_p.kafka_key", "_p.kafka_value AS message",
        .. RecordFields.HeaderColumns.Select(column => $"_p.{Sql.NameOf(column)}"),
        "if(JSONType(_readable) = 'Object', _failed, []) AS failed_columns", $"{Reason(stream)} AS reason", "now64(3) AS inserted_at",
        $"true AS {HeadersKept}",
    ];

    /// <summary>What WITH says of a record <c>_p</c> of the reparsed table, for <see cref="Reason"/>.</summary>
    public static string Faults(StreamDefinition stream) =>
        $"""
        [{Each(stream, column => Sql.Text(column.Name))}] AS _names,
        [{Each(stream, column => Sql.Text(column.Type.BareSql))}] AS _types,
        {(stream.Format.IsJson ? "if(isValidJSON(_p.kafka_value), _p.kafka_value, _p._sent_json)" : "_p._sent_json")} AS _readable,
        [{Each(stream, column => SentJson.Of(stream, column, "_p"))}] AS _sent_values,
        arrayFilter(
            (name, value, is_null, rejects) -> is_null AND has(rejects, multiIf(value = '', 'missing', value = 'null', 'null', 'invalid')),
            _names,
            _sent_values,
            [{Each(stream, column => IsNone(column))}],
            [{Each(stream, column => Rejects(column.Rules))}]
        ) AS _failed
        """;

    /// <summary>Why a record that is no event is none; beside <see cref="Faults"/>.</summary>
    public static string Reason(StreamDefinition stream) => string.Create(CultureInfo.InvariantCulture,
        $"""
        multiIf(
                NOT isValidJSON(_readable), {stream.Format.Fault("_p.kafka_value")},
                JSONType(_readable) != 'Object', concat('not a JSON object but ', toString(JSONType(_readable))),
                arrayStringConcat(arrayMap(
                    name -> concat(name, ' ', transform(_sent_values[indexOf(_names, name)], ['', 'null'], ['is missing', 'is null'],
                        concat('is not a valid ', transform(name, _names, _types, ''), ': ',
                            substring(_sent_values[indexOf(_names, name)], 1, {QuotedLength})))),
                    _failed), '; ')
            )
        """);

    static string IsNone(ColumnDefinition column) => $"_p.{column.Name}" is var value && column.Type is CompositeType
        ? column.Type.IsNone(value)
        : $"isNull({value})";

    static string Rejects(ValueRules rules)
    {
        (string Word, bool IsRejected)[] all =
        [
            ("'missing'", rules.Missing == ValueRule.Reject), ("'null'", rules.Null == ValueRule.Reject), ("'invalid'", rules.RejectsInvalid),
        ];
        return $"[{string.Join(", ", all.Where(one => one.IsRejected).Select(one => one.Word))}]";
    }

    static string Each(StreamDefinition stream, Func<ColumnDefinition, string> part) => string.Join(", ", stream.ReadColumns.Select(part));
}
