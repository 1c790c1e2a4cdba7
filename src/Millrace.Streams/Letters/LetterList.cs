using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;

namespace Millrace.Streams.Letters;

/// <summary>
/// Counts dead letters by what was wrong with them when they came, and by what became of them. Reads only, and all of them.
/// </summary>
public static class LetterList
{
    const int Samples = 3;

    /// <param name="stream">A stream or topic; null: all.</param>
    /// <returns>By stream, the commonest first.</returns>
    /// <exception cref="LettersRefusedException">There is no such stream, or a table is not there.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyList<LetterKind>> ReadAsync(
        StandEndpoints endpoints, StreamCatalog catalog, string? stream, LetterFilter filter, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var kinds = new List<LetterKind>();
        foreach (var topic in await LetterTopic.FindAsync(client, catalog, endpoints, stream, withFormer: true, cancellation).ConfigureAwait(false))
        {
            var rows = await client.QueryAsync<KindRow>(Sql(topic, filter), cancellation: cancellation).ConfigureAwait(false);
            kinds.AddRange(rows.Select(row => row.ToKind(topic)));
        }
        return kinds;
    }

    static string Sql(LetterTopic topic, LetterFilter filter) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT failed_columns, {DeadLetterSummary.KindOfReason} AS kind, countIf({DeadLettersSql.Waits}) AS waiting,
            countIf({DeadLettersSql.RetriedAt} IS NOT NULL) AS retried, countIf({DeadLettersSql.DroppedAt} IS NOT NULL) AS dropped,
            toUnixTimestamp64Milli(min(inserted_at)) AS first, toUnixTimestamp64Milli(max(inserted_at)) AS last,
            groupArraySorted({Samples})((-toUnixTimestamp64Milli(inserted_at), kafka_partition, kafka_offset, reason)) AS newest,
            arrayMap(one -> one.2, newest) AS partitions, arrayMap(one -> one.3, newest) AS offsets, arrayMap(one -> one.4, newest) AS reasons
        FROM {topic.Table} WHERE {filter.Sql(topic.Topic)}
        GROUP BY failed_columns, kind ORDER BY waiting DESC, count() DESC, kind LIMIT {DeadLetterSummary.MostKinds}
        """);

    sealed record KindRow(
        IReadOnlyList<string> FailedColumns, string Kind, long Waiting, long Retried, long Dropped, long First, long Last,
        IReadOnlyList<int> Partitions, IReadOnlyList<long> Offsets, IReadOnlyList<string> Reasons)
    {
        public LetterKind ToKind(LetterTopic topic) => new(
            topic.Stream?.Name, topic.Topic, FailedColumns, Kind, Waiting, Retried, Dropped,
            DateTimeOffset.FromUnixTimeMilliseconds(First), DateTimeOffset.FromUnixTimeMilliseconds(Last),
            [.. Offsets.Select((offset, i) => new LetterSample($"{new LetterId(topic.Topic, Partitions[i], offset)}", Reasons[i]))]);
    }
}

/// <summary>Dead letters of a topic with the same thing wrong. Immutable.</summary>
/// <param name="Stream">null: its definition is gone.</param>
/// <param name="Columns">Those that failed; none where the value is no JSON object.</param>
/// <param name="Reason">Without what it quotes.</param>
/// <param name="Waiting">Neither retried nor dropped.</param>
/// <param name="First">When the first came.</param>
/// <param name="Last">When the last came.</param>
/// <param name="Samples">The newest.</param>
public sealed record LetterKind(
    string? Stream, string Topic, IReadOnlyList<string> Columns, string Reason, long Waiting, long Retried, long Dropped,
    DateTimeOffset First, DateTimeOffset Last, IReadOnlyList<LetterSample> Samples);

/// <summary>One dead letter. Immutable.</summary>
/// <param name="Id">As <see cref="LetterId"/>.</param>
/// <param name="Reason">With what it quotes.</param>
public sealed record LetterSample(string Id, string Reason);
