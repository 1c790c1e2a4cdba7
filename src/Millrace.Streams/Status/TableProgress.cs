using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Status;

/// <summary>How far a stream's tables are. Immutable.</summary>
/// <param name="LatencyP50">Milliseconds; null when no row came lately.</param>
/// <param name="LatencyP99">Milliseconds; null when no row came lately.</param>
sealed record TableProgress(string Stream, long Rows, long DeadLetters, double? LatencyP50, double? LatencyP99);

/// <summary>
/// Asks ClickHouse for the progress of all streams in one query that scans no table:
/// counts come from the parts' metadata, and latency from the parts written in the last seconds
/// that merges have not yet made large.
/// </summary>
sealed class TableProgressReader(ClickHouseClient client, StreamCatalog catalog)
{
    const int RecentSeconds = 5;
    const int LargestRecentPart = 100_000;
    const int MostRecentParts = 10;

    readonly string _sql = string.Join("\nUNION ALL\n", catalog.Streams.Select(Select));

    /// <exception cref="ClickHouseUnavailableException">No answer.</exception>
    /// <exception cref="ClickHouseException">ClickHouse refused: the tables are not there yet.</exception>
    public async Task<IReadOnlyDictionary<string, TableProgress>> ReadAsync(CancellationToken cancellation) =>
        (await client.QueryAsync<TableProgress>(_sql, cancellation: cancellation).ConfigureAwait(false)).ToDictionary(row => row.Stream);

    static string Select(StreamDefinition stream) =>
        $"""
        SELECT
            '{stream.Name}' AS stream,
            (SELECT count() FROM {stream.TargetTable}) AS rows,
            (SELECT count() FROM {stream.DeadLetterTable} WHERE kafka_topic = '{stream.Topic}') AS dead_letters,
            if(count() = 0, NULL, quantileExact(0.5)(latency)) AS latency_p50,
            if(count() = 0, NULL, quantileExact(0.99)(latency)) AS latency_p99
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
}
