using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Explain;

/// <summary>
/// Reads the newest dead letters of a kind that wait. Reads only; refused by ClickHouse where it takes longer than
/// <see cref="QueryBounds"/> says.
/// </summary>
public static class DeadLetterSamples
{
    /// <summary>
    /// ClickHouse reads the values of so few rows alone, however many it sorts (query_plan_max_limit_for_lazy_materialization).
    /// </summary>
    const int Most = 10;

    /// <summary>Bytes of a value that come along.</summary>
    public const int LongestValue = 16 * 1024;

    /// <param name="column">Failed; null: whichever.</param>
    /// <param name="reason">As <see cref="DeadLetterKind.Reason"/>; null: any.</param>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused: the tables are not set up.</exception>
    public static async Task<IReadOnlyList<DeadLetterSample>> ReadAsync(
        ClickHouseClient client, StreamDefinition stream, string? column, string? reason, CancellationToken cancellation)
    {
        var parameters = new Dictionary<string, string>
        {
            ["topic"] = stream.Topic,
            ["column"] = column ?? "",
            ["reason"] = reason ?? "",
        };
        var table = stream.DeadLetterTable;
        var newest = Query(table, PartsSql.OfLastInserts(table));
        var rows = await client.QueryAsync<Row>(newest, parameters, cancellation).ConfigureAwait(false);
        // There may be millions of them: all are read only where the last inserts have too few of this kind.
        if (rows.Count < Most) rows = await client.QueryAsync<Row>(Query(table, "true"), parameters, cancellation).ConfigureAwait(false);
        return [.. rows.Select(row => row.ToSample(stream.Topic))];
    }

    static string Query(string table, string parts) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        SELECT kafka_partition AS partition, kafka_offset AS offset, toUnixTimestamp64Milli(kafka_timestamp) AS time,
            toUnixTimestamp64Milli(inserted_at) AS inserted, hex(kafka_key) AS key, hex(substring(message, 1, {{LongestValue}})) AS value,
            length(message) AS bytes, failed_columns, reason
        FROM {{table}}
        WHERE {{parts}} AND {{DeadLettersSql.Waits}} AND kafka_topic = {topic:String} AND ({column:String} = '' OR has(failed_columns, {column:String}))
            AND ({reason:String} = '' OR {{DeadLetterSummary.KindOfReason}} = {reason:String})
        ORDER BY inserted_at DESC, offset DESC LIMIT {{Most}}
        {{QueryBounds.WholeSettings}}
        """);

    sealed record Row(
        int Partition, long Offset, long Time, long Inserted, string Key, string Value, long Bytes, IReadOnlyList<string> FailedColumns,
        string Reason)
    {
        public DeadLetterSample ToSample(string topic) => new(
            topic, Partition, Offset, DateTimeOffset.FromUnixTimeMilliseconds(Time), DateTimeOffset.FromUnixTimeMilliseconds(Inserted),
            Convert.FromHexString(Key), Convert.FromHexString(Value), Bytes, FailedColumns, Reason);
    }
}

/// <summary>A dead letter as its table has it. Immutable; the bytes are not to be changed.</summary>
/// <param name="Value">At most <see cref="DeadLetterSamples.LongestValue"/> bytes of it.</param>
/// <param name="Bytes">Of the whole value.</param>
public sealed record DeadLetterSample(
    string Topic, int Partition, long Offset, DateTimeOffset Time, DateTimeOffset Inserted, byte[] Key, byte[] Value, long Bytes,
    IReadOnlyList<string> FailedColumns, string Reason);
