using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Explain;

/// <summary>
/// Counts the dead letters of a stand that wait by what is wrong with them. Reads only, and not more than a few hundred milliseconds' worth: of more
/// dead letters than that it counts a part and says so.
/// </summary>
public static class DeadLetterSummary
{
    internal const int MostKinds = 200;

    /// <summary>
    /// A reason without the values that it quotes: they come after the first colon, and neither a column nor a type has one.
    /// </summary>
    internal const string KindOfReason = "splitByString(': ', reason)[1]";

    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused: the tables are not set up.</exception>
    public static async Task<DeadLetters> ReadAsync(ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        var (kinds, minutes, total) = (new List<KindRow>(), new List<MinuteRow>(), new Dictionary<string, long>());
        foreach (var table in catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct())
        {
            kinds.AddRange(await client.QueryAsync<KindRow>(Kinds(table), cancellation: cancellation).ConfigureAwait(false));
            minutes.AddRange(await client.QueryAsync<MinuteRow>(Minutes(table), cancellation: cancellation).ConfigureAwait(false));
            foreach (var row in await client.QueryAsync<TotalRow>(Totals(table), cancellation: cancellation).ConfigureAwait(false))
                total[row.Topic] = row.Letters;
        }
        return new DeadLetters([.. catalog.Streams.Select(stream => new StreamDeadLetters(
            stream.Name,
            stream.Topic,
            stream.DeadLetterTable,
            total.GetValueOrDefault(stream.Topic),
            kinds.FirstOrDefault(row => row.Topic == stream.Topic)?.Counted ?? 0,
            [.. kinds.Where(row => row.Topic == stream.Topic).Select(row => row.ToKind())],
            [.. minutes.Where(row => row.Topic == stream.Topic).Select(row => new DeadLetterMinute(row.Minute, row.Letters))]))]);
    }

    static string Kinds(string table) =>
        $"""
        SELECT kafka_topic AS topic, failed_columns, {KindOfReason} AS reason, count() AS letters,
            toUnixTimestamp64Milli(min(inserted_at)) AS first, toUnixTimestamp64Milli(max(inserted_at)) AS last,
            sum(count()) OVER (PARTITION BY topic) AS counted
        FROM {table} WHERE {DeadLettersSql.Waits} GROUP BY topic, failed_columns, reason ORDER BY letters DESC, reason LIMIT {MostKinds} BY topic
        {QueryBounds.Settings}
        """;

    static string Minutes(string table) =>
        $"""
        SELECT kafka_topic AS topic, toUnixTimestamp(toStartOfMinute(inserted_at)) AS minute, count() AS letters
        FROM {table} WHERE inserted_at > now() - INTERVAL 1 HOUR AND {DeadLettersSql.Waits} AND {PartsSql.OfLastHour(table)}
        GROUP BY topic, minute ORDER BY minute
        {QueryBounds.Settings}
        """;

    static string Totals(string table) =>
        $"SELECT kafka_topic AS topic, count() AS letters FROM {table} WHERE {DeadLettersSql.Waits} GROUP BY topic";

    /// <param name="Counted">Of all kinds of the topic, those past <see cref="MostKinds"/> too.</param>
    sealed record KindRow(
        string Topic, IReadOnlyList<string> FailedColumns, string Reason, long Letters, long First, long Last, long Counted)
    {
        public DeadLetterKind ToKind() => new(
            FailedColumns, Reason, Letters, DateTimeOffset.FromUnixTimeMilliseconds(First), DateTimeOffset.FromUnixTimeMilliseconds(Last));
    }

    sealed record MinuteRow(string Topic, long Minute, long Letters);

    sealed record TotalRow(string Topic, long Letters);
}

/// <summary>The dead letters of a stand. Immutable.</summary>
/// <param name="Streams">In the order of the definitions.</param>
public sealed record DeadLetters(IReadOnlyList<StreamDeadLetters> Streams);

/// <summary>The dead letters of one stream. Immutable.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Counted">Those that were read to count them by kind.</param>
/// <param name="Kinds">The commonest first; without the rarest where there are hundreds.</param>
/// <param name="Minutes">Of the last hour, those with dead letters, oldest first.</param>
public sealed record StreamDeadLetters(
    string Stream, string Topic, string Table, long Total, long Counted, IReadOnlyList<DeadLetterKind> Kinds,
    IReadOnlyList<DeadLetterMinute> Minutes);

/// <summary>Dead letters with the same thing wrong. Immutable.</summary>
/// <param name="Columns">Those that failed; none where the value is no JSON object.</param>
/// <param name="Reason">As the first of them has it, without what it quotes.</param>
/// <param name="First">When the first was inserted.</param>
/// <param name="Last">When the last was inserted.</param>
public sealed record DeadLetterKind(IReadOnlyList<string> Columns, string Reason, long Letters, DateTimeOffset First, DateTimeOffset Last);

/// <summary>How many were inserted in a minute. Immutable.</summary>
/// <param name="Minute">Unix seconds of its beginning.</param>
public sealed record DeadLetterMinute(long Minute, long Letters);
