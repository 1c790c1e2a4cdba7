using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Status;

/// <summary>How far a stream's tables are. Immutable.</summary>
/// <param name="LatencyP50">Milliseconds; null when no row came lately.</param>
/// <param name="LatencyP99">Milliseconds; null when no row came lately.</param>
sealed record TableProgress(string Stream, long Rows, long DeadLetters, double? LatencyP50, double? LatencyP99)
{
    /// <summary>The stream's mark is there.</summary>
    public bool IsPaused { get; init; }
}

/// <summary>
/// Asks ClickHouse for the progress of all streams in one query that scans no table: rows come from the parts' metadata, dead letters that
/// wait from three small columns, and latency from the parts written in the last seconds that merges have not yet made large. That
/// last part costs a small query for each stream, so that of many streams some are asked in turn. One read at a time.
/// </summary>
sealed class TableProgressReader
{
    const int RecentSeconds = 5;
    const int LargestRecentPart = 100_000;
    const int MostRecentParts = 10;

    /// <summary>In streams whose latency one look asks for: of fifty streams, each one's is as old as its window at most.</summary>
    const int Turn = 10;

    readonly ClickHouseClient _client;
    readonly StreamCatalog _catalog;
    readonly IReadOnlyList<string> _turns;
    readonly Dictionary<string, Fact> _latencies = [];
    int _turn;

    public TableProgressReader(ClickHouseClient client, StreamCatalog catalog, string stand)
    {
        (_client, _catalog) = (client, catalog);
        var counts = Counts(catalog.Streams, stand);
        _turns = [.. catalog.Streams.Chunk(Turn).Select(streams => string.Join("\nUNION ALL\n", streams.Select(Latency).Prepend(counts)))];
    }

    /// <exception cref="ClickHouseUnavailableException">No answer.</exception>
    /// <exception cref="ClickHouseException">ClickHouse refused: the tables are not there yet.</exception>
    public async Task<IReadOnlyDictionary<string, TableProgress>> ReadAsync(CancellationToken cancellation)
    {
        var facts = await _client.QueryAsync<Fact>(_turns[_turn++ % _turns.Count], cancellation: cancellation).ConfigureAwait(false);
        var counts = facts.Where(fact => fact.Rows is not null).ToDictionary(fact => (fact.Table, fact.Topic), fact => fact.Rows!.Value);
        foreach (var latency in facts.Where(fact => fact.Rows is null)) _latencies[latency.Table] = latency;
        return _catalog.Streams.Where(stream => counts.ContainsKey((stream.TargetTable, ""))).ToDictionary(stream => stream.Name, stream =>
        {
            var latency = _latencies.GetValueOrDefault(stream.TargetTable);
            return new TableProgress(
                stream.Name, counts[(stream.TargetTable, "")], counts.GetValueOrDefault((stream.DeadLetterTable, stream.Topic)),
                latency?.LatencyP50, latency?.LatencyP99)
            {
                IsPaused = counts.ContainsKey((stream.PauseMark, "")),
            };
        });
    }

    /// <summary>A mark of a paused stream counts as a table without rows.</summary>
    static string Counts(IReadOnlyList<StreamDefinition> streams, string stand) =>
        $"""
        SELECT name AS table, '' AS topic, toNullable(toInt64(total_rows)) AS rows,
            CAST(NULL, 'Nullable(Float64)') AS latency_p50, CAST(NULL, 'Nullable(Float64)') AS latency_p99
        FROM system.tables
        WHERE database = currentDatabase() AND name IN ({string.Join(", ", streams.Select(stream => $"'{stream.TargetTable}'"))})
        UNION ALL SELECT name, '', toNullable(toInt64(0)), NULL, NULL FROM ({StreamPause.MarksSql(streams, stand)})
        {string.Concat(streams.Select(stream => stream.DeadLetterTable).Distinct().Select(DeadLetterCounts))}
        """;

    static string DeadLetterCounts(string table) =>
        $"UNION ALL SELECT '{table}', toString(kafka_topic), toNullable(toInt64(count())), NULL, NULL FROM {table} " +
        $"WHERE {DeadLettersSql.Waits} GROUP BY kafka_topic\n";

    static string Latency(StreamDefinition stream) =>
        $"""
        SELECT '{stream.TargetTable}', '', NULL,
            if(count() = 0, NULL, quantileExact(0.5)(latency)), if(count() = 0, NULL, quantileExact(0.99)(latency))
        FROM
        (
            SELECT toUnixTimestamp64Milli(inserted_at) - toUnixTimestamp64Milli(kafka_timestamp) AS latency
            FROM {stream.TargetTable}
            WHERE inserted_at > now64(3) - INTERVAL {RecentSeconds} SECOND AND _part IN
            (
                SELECT name FROM system.parts
                WHERE active AND database = currentDatabase() AND table = '{stream.TargetTable}'
                    AND modification_time >= now() - {RecentSeconds} AND rows <= {LargestRecentPart}
                ORDER BY max_block_number DESC LIMIT {MostRecentParts}
            )
        )
        """;

    /// <summary>A count, or the latency of a table where <see cref="Rows"/> is null.</summary>
    sealed record Fact(string Table, string Topic, long? Rows, double? LatencyP50, double? LatencyP99);
}
