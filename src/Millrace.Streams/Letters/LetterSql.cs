using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;

namespace Millrace.Streams.Letters;

/// <summary>Dead letters, judged by the definition of now: in the words of the views, read from the table of the letters.</summary>
static class LetterSql
{
    /// <summary>
    /// ClickHouse would write every expression out wherever its value is asked for, in the filter and in the row: five times the work for a
    /// letter (bench/results/2026-11-28.md). Between the views, tables are what keeps it from that.
    /// </summary>
    const string Settings = "SETTINGS query_plan_filter_push_down = 0, query_plan_merge_expressions = 0";

    /// <summary>Makes rows of those that are events.</summary>
    /// <param name="table">Of the letters.</param>
    /// <param name="condition">For the letters: among others, that they have no row yet.</param>
    /// <param name="most">At most so many; null: all.</param>
    public static string Insert(StreamDefinition stream, string table, string condition, long? most)
    {
        var columns = stream.Columns.Select(column => column.Name)
            .Concat(StoredRange.OriginColumns.Append(TargetTableSql.InsertedAt).Select(Sql.NameOf));
        return $"""
            INSERT INTO {stream.TargetTable} ({string.Join(", ", columns)})
            SELECT
                {Sql.Lines(TargetViewSql.Values(stream))}
            FROM ({Parsed(stream, table, condition)}) AS _p
            WHERE _p._valid{(most is { } limit ? $"\nLIMIT {limit}" : "")}
            {Settings}
            """;
    }

    /// <summary>Makes dead letters of those that are no events.</summary>
    /// <param name="table">Of records that have no letter yet.</param>
    public static string InsertLetters(StreamDefinition stream, string table, string condition) =>
        $"""
        INSERT INTO {stream.DeadLetterTable} ({string.Join(", ", LetterColumns.Select(Sql.NameOf))})
        WITH {DeadLettersSql.Faults(stream)}
        SELECT
            {Sql.Lines(DeadLettersSql.Values(stream))}
        FROM {Readable(stream, table, condition)} AS _p
        WHERE NOT _p._valid
        {Settings}
        """;

    /// <summary>Counts the letters by what is wrong with them now; an empty reason is that of an event.</summary>
    /// <inheritdoc cref="Insert"/>
    public static string Verdicts(StreamDefinition stream, string table, string condition) =>
        $"""
        SELECT {DeadLetterSummary.KindOfReason} AS kind, count() AS letters
        FROM
        (
            WITH {DeadLettersSql.Faults(stream)}
            SELECT if(_p._valid, '', {DeadLettersSql.Reason(stream)}) AS reason
            FROM {Readable(stream, table, condition)} AS _p
        )
        GROUP BY kind ORDER BY letters DESC, kind
        {Settings}
        """;

    /// <summary>In the order of <see cref="DeadLettersSql.Values"/>.</summary>
    static IReadOnlyList<string> LetterColumns =>
        [.. DeadLettersSql.RecordColumns, "failed_columns", "reason", "inserted_at", DeadLettersSql.HeadersKept];

    /// <summary>As <see cref="Parsed"/>, with <c>_sent_json</c> of all that is no event.</summary>
    static string Readable(StreamDefinition stream, string table, string condition) =>
        $"""
        (
            SELECT * REPLACE (if(_valid OR _is_lossy, _sent_json, {SentJson.OfRecord(stream, null)}) AS _sent_json)
            FROM ({Parsed(stream, table, condition)})
        )
        """;

    static string Parsed(StreamDefinition stream, string table, string condition)
    {
        var fields = new RecordFields(stream);
        var letters = $"""
            (
                WITH message AS kafka_value, {ParseViewSql.With(stream, fields, "_quick_fields")}
                SELECT {string.Join(", ", RejectedTableSql.RecordColumns.Select(Sql.NameOf))},
                    {ParseViewSql.IsLossy(stream, fields, "_quick_fields")} AS _is_lossy
                FROM {table}
                WHERE {condition}
            )
            """;
        return ReparsedTableSql.Parsed(stream, letters, SentJson.OfRecord(stream, "_is_lossy"), "_is_lossy");
    }
}
