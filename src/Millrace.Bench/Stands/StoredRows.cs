using System.Globalization;
using Millrace.Bench.Results;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Bench.Stands;

/// <summary>
/// What the tables hold. A record's timestamp is the moment at which its event was due, and each row has both that and the moment of its
/// insertion, so that no client measures. Times are milliseconds of Unix time.
/// </summary>
sealed class StoredRows(ClickHouseClient client, StreamCatalog catalog)
{
    const string Due = "toUnixTimestamp64Milli(kafka_timestamp)";

    /// <summary>Streams that events are made of.</summary>
    readonly IReadOnlyList<StreamDefinition> _streams = [.. catalog.Streams.Where(stream => stream.Weight > 0)];

    /// <summary>From the parts' metadata: no row is read.</summary>
    public async Task<IReadOnlyList<long>> CountsAsync(CancellationToken cancellation)
    {
        var tables = string.Join(", ", _streams.Select(stream => $"'{stream.TargetTable}'"));
        var rows = await client.QueryAsync<Number>(
            $"SELECT toInt64(total_rows) AS value FROM system.tables WHERE database = currentDatabase() AND name IN ({tables})",
            cancellation: cancellation).ConfigureAwait(false);
        return [.. rows.Select(row => row.Value)];
    }

    public async Task<long> CountAsync(CancellationToken cancellation) => (await CountsAsync(cancellation).ConfigureAwait(false)).Sum();

    public async Task<long> DeadLettersAsync(CancellationToken cancellation)
    {
        var tables = _streams.Select(stream => stream.DeadLetterTable).Distinct().Select(table => $"SELECT count() AS rows FROM {table}");
        return await NumberAsync($"SELECT toInt64(sum(rows)) AS value FROM ({string.Join(" UNION ALL ", tables)})", cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>When the first event was due; null where no row is there.</summary>
    public async Task<long?> FirstDueAsync(CancellationToken cancellation)
    {
        var first = await NumberAsync($"SELECT if(count() = 0, 0, min({Due})) AS value FROM {All}", cancellation).ConfigureAwait(false);
        return first > 0 ? first : null;
    }

    /// <summary>How many events are stored that were due from a moment on.</summary>
    public Task<long> CountDueSinceAsync(long from, CancellationToken cancellation) =>
        NumberAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT toInt64(count()) AS value FROM {All} WHERE {Due} >= {from}"),
            cancellation);

    /// <summary>How late the rows are whose events were due in a time.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    public async Task<LatencyHistogram> LatenciesAsync(long from, long to, CancellationToken cancellation)
    {
        var counts = await client.QueryAsync<MsCount>(string.Create(CultureInfo.InvariantCulture,
            $"""
            SELECT toUnixTimestamp64Milli(inserted_at) - {Due} AS ms, toInt64(count()) AS count FROM {All}
            WHERE {Due} >= {from} AND {Due} < {to} GROUP BY ms
            """), cancellation: cancellation).ConfigureAwait(false);
        var histogram = new LatencyHistogram();
        foreach (var (ms, count) in counts) histogram.Add(ms, count);
        return histogram;
    }

    /// <summary>The same for each second since <paramref name="first"/>.</summary>
    public Task<IReadOnlyList<LatencySecond>> OverTimeAsync(long first, CancellationToken cancellation) =>
        client.QueryAsync<LatencySecond>(string.Create(CultureInfo.InvariantCulture,
            $"""
            SELECT intDiv({Due} - {first}, 1000) AS second, toInt64(count()) AS rows,
                quantileExact(0.5)(late) AS p50_ms, quantileExact(0.99)(late) AS p99_ms, max(late) AS max_ms
            FROM (SELECT kafka_timestamp, toUnixTimestamp64Milli(inserted_at) - {Due} AS late FROM {All})
            GROUP BY second ORDER BY second
            """), cancellation: cancellation);

    string All
    {
        get
        {
            var tables = _streams.Select(stream => $"SELECT kafka_timestamp, inserted_at FROM {stream.TargetTable}");
            return $"({string.Join(" UNION ALL ", tables)})";
        }
    }

    async Task<long> NumberAsync(string sql, CancellationToken cancellation) =>
        (await client.QueryAsync<Number>(sql, cancellation: cancellation).ConfigureAwait(false))[0].Value;

    sealed record Number(long Value);

    sealed record MsCount(long Ms, long Count);
}
