using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>
/// Gives dead letters up: what they held is gone, what says which records they were stays. Meant are those that waited when they were
/// counted, and none that comes after. Immutable.
/// </summary>
public sealed class LetterDrop
{
    readonly StandEndpoints _endpoints;
    readonly IReadOnlyList<(LetterTopic Topic, LetterFilter Filter)> _counted;

    LetterDrop(StandEndpoints endpoints, IReadOnlyList<(LetterTopic Topic, LetterFilter Filter)> counted, long letters) =>
        (_endpoints, _counted, Letters) = (endpoints, counted, letters);

    /// <summary>How many letters waited.</summary>
    public long Letters { get; }

    /// <param name="stream">A stream or topic; null: all.</param>
    /// <exception cref="LettersRefusedException">There is no such stream, or a table is not there.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<LetterDrop> CountAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? stream, LetterFilter filter, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var (counted, letters) = (new List<(LetterTopic, LetterFilter)>(), 0L);
        foreach (var topic in await LetterTopic.FindAsync(client, catalog, endpoints, stream, withFormer: false, cancellation).ConfigureAwait(false))
        {
            var found = await client.QueryAsync<PartitionRow>(PartitionsSql(topic, filter), cancellation: cancellation)
                .ConfigureAwait(false);
            if (found.Count == 0) continue;
            letters += found.Sum(row => row.Letters);
            counted.Add((topic, filter with
            {
                Until = DateTimeOffset.FromUnixTimeMilliseconds(found[0].Now),
                Ends = found.ToDictionary(row => row.Partition, row => row.Highest + 1),
            }));
        }
        return new LetterDrop(endpoints, counted, letters);
    }

    /// <summary>
    /// Those that a retry made rows of, and could not mark, are marked and not dropped. Killed anywhere, it is done again.
    /// </summary>
    /// <returns>How many were dropped.</returns>
    /// <exception cref="DdlRefusedException">A retry that was killed is still at work, or a change of a table fails.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public async Task<long> RunAsync(TimeProvider time, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(_endpoints);
        return await SetupLock.HoldAsync(client, time, async ended =>
        {
            var dropped = 0L;
            foreach (var (topic, filter) in _counted)
                dropped += await DropAsync(client, topic, filter, time, ended).ConfigureAwait(false);
            return dropped;
        }, cancellation).ConfigureAwait(false);
    }

    async Task<long> DropAsync(
        ClickHouseClient client, LetterTopic topic, LetterFilter filter, TimeProvider time, CancellationToken cancellation)
    {
        if (topic.Stream is { } stream) await MarkRowsAsync(client, topic, stream, filter, time, cancellation).ConfigureAwait(false);
        var left = await RangeAsync(client, topic, filter, cancellation).ConfigureAwait(false);
        if (left.Letters > 0) await LetterMarks.DroppedAsync(client, topic, filter, time, cancellation).ConfigureAwait(false);
        return left.Letters;
    }

    async Task MarkRowsAsync(
        ClickHouseClient client, LetterTopic topic, StreamDefinition stream, LetterFilter filter, TimeProvider time,
        CancellationToken cancellation)
    {
        await new SecondWay(client, _endpoints, time).WaitAsync(stream.TargetTable, cancellation).ConfigureAwait(false);
        var meant = await RangeAsync(client, topic, filter, cancellation).ConfigureAwait(false);
        if (meant.Letters == 0) return;
        var state = await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false);
        if (state.Find(stream.TargetTable) is null) return;
        await LetterMarks.RetriedAsync(client, topic.Table, stream, (meant.Lowest, meant.Highest), time, cancellation)
            .ConfigureAwait(false);
    }

    static string PartitionsSql(LetterTopic topic, LetterFilter filter) =>
        $"""
        SELECT kafka_partition AS partition, count() AS letters, max(kafka_offset) AS highest, toUnixTimestamp64Milli(now64(3)) AS now
        FROM {topic.Table} WHERE {filter.WaitingSql(topic.Topic)} GROUP BY kafka_partition
        """;

    static async Task<RangeRow> RangeAsync(
        ClickHouseClient client, LetterTopic topic, LetterFilter filter, CancellationToken cancellation) =>
        (await client.QueryAsync<RangeRow>(
            $"""
            SELECT count() AS letters, min(kafka_offset) AS lowest, max(kafka_offset) AS highest
            FROM {topic.Table} WHERE {filter.WaitingSql(topic.Topic)}
            """,
            cancellation: cancellation).ConfigureAwait(false)).Single();

    sealed record PartitionRow(int Partition, long Letters, long Highest, long Now);

    sealed record RangeRow(long Letters, long Lowest, long Highest);
}
