using System.Text.Json;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Explain;

/// <summary>What ClickHouse's system tables say of a stand's tables. Reads only, and scans no table.</summary>
public static class TableFactsReader
{
    const int MostRows = 10;

    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyList<TableFacts>> ReadAsync(
        ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        var parts = await client.QueryAsync<PartsRow>(Parts, cancellation: cancellation).ConfigureAwait(false);
        var merges = await client.QueryAsync<MergeRow>(Merges, cancellation: cancellation).ConfigureAwait(false);
        return [.. TablesOf(catalog).Select(table => Describe(
            table, parts.FirstOrDefault(row => row.Name == table), merges.Where(merge => merge.Name == table)))];
    }

    /// <summary>Target tables, then those of dead letters.</summary>
    public static IEnumerable<string> TablesOf(StreamCatalog catalog) =>
        catalog.Streams.Select(stream => stream.TargetTable).Concat(catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct());

    /// <summary>The newest rows of a table, newest first, out of its newest parts.</summary>
    /// <param name="table">One of <see cref="TablesOf"/>.</param>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static Task<IReadOnlyList<JsonElement>> NewestRowsAsync(ClickHouseClient client, string table, CancellationToken cancellation) =>
        client.QueryAsync<JsonElement>(
            $"""
            SELECT * FROM {table}
            WHERE {PartsSql.OfLastInserts(table)}
            ORDER BY inserted_at DESC LIMIT {MostRows}
            {QueryBounds.WholeSettings}
            """,
            cancellation: cancellation);

    const string Parts =
        """
        SELECT table AS name, count() AS parts, sum(rows) AS rows, sum(bytes_on_disk) AS bytes_on_disk,
            sum(data_compressed_bytes) AS compressed, sum(data_uncompressed_bytes) AS uncompressed,
            toUnixTimestamp(max(modification_time)) AS newest
        FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table
        """;

    const string Merges =
        """
        SELECT table AS name, elapsed AS seconds, progress, num_parts AS parts, total_size_bytes_compressed AS bytes, is_mutation
        FROM system.merges WHERE database = currentDatabase() ORDER BY elapsed DESC
        """;

    static TableFacts Describe(string table, PartsRow? parts, IEnumerable<MergeRow> merges) => new(
        table, parts?.Rows ?? 0, parts?.Parts ?? 0, parts?.BytesOnDisk ?? 0,
        parts is { Compressed: > 0 } ? Math.Round((double)parts.Uncompressed / parts.Compressed, 2) : null,
        parts is null ? null : DateTimeOffset.FromUnixTimeSeconds(parts.Newest),
        [.. merges.Select(merge => new TableMerge(merge.Seconds, merge.Progress, merge.Parts, merge.Bytes, merge.IsMutation != 0))]);

    sealed record PartsRow(string Name, int Parts, long Rows, long BytesOnDisk, long Compressed, long Uncompressed, long Newest);

    sealed record MergeRow(string Name, double Seconds, double Progress, int Parts, long Bytes, int IsMutation);
}

/// <summary>A table at one moment. Immutable.</summary>
/// <param name="Parts">Active ones.</param>
/// <param name="CompressionRatio">Bytes of the values for each byte that they take; null while there are none.</param>
/// <param name="Newest">When the last part came to be, by an insert or a merge; null while there is none.</param>
/// <param name="Merges">That run now, the oldest first.</param>
public sealed record TableFacts(
    string Name, long Rows, int Parts, long BytesOnDisk, double? CompressionRatio, DateTimeOffset? Newest,
    IReadOnlyList<TableMerge> Merges);

/// <summary>A merge that runs. Immutable.</summary>
/// <param name="Seconds">Since it began.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Parts">That become one.</param>
/// <param name="Bytes">Of them.</param>
/// <param name="IsMutation">It changes rows, and merges nothing.</param>
public sealed record TableMerge(double Seconds, double Progress, int Parts, long Bytes, bool IsMutation);
