using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using Millrace.Streams.Replay;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Letters;

/// <summary>A stream whose records are refused until its definition is mended, on the real engine and broker.</summary>
sealed class LetterStand : IDisposable
{
    const string Score = "- { name: score, type: Nullable(Int8), generate: { range: [1, 5] } }";

    const string MendedScore = "- { name: score, type: Nullable(Int8), invalid: \"null\", generate: { range: [1, 5] } }";

    readonly string _topic;

    LetterStand(StandEndpoints endpoints, string topic)
    {
        (Endpoints, _topic) = (endpoints, topic);
        Catalog = TestStream.Catalog(TestStream.Small(topic));
        Client = new ClickHouseClient(endpoints);
    }

    public StandEndpoints Endpoints { get; }

    public ClickHouseClient Client { get; }

    public StreamCatalog Catalog { get; private set; }

    public StreamDefinition Stream => Catalog.Streams[0];

    /// <summary>A score that is none is NULL from now on.</summary>
    public StreamCatalog Mended(string moreColumns = "") => TestStream.Catalog(MendedYaml(moreColumns));

    public string MendedYaml(string moreColumns = "") => TestStream.Small(_topic, moreColumns: moreColumns)
        .Replace(Score, MendedScore, StringComparison.Ordinal);

    /// <param name="topic">Its own for each test: all share the broker.</param>
    public static async Task<LetterStand> CreateAsync(ServersFixture servers, string topic)
    {
        var stand = new LetterStand(await servers.NewDatabaseAsync(), topic);
        await stand.SetUpAsync(stand.Catalog);
        return stand;
    }

    public async Task SetUpAsync(StreamCatalog catalog)
    {
        await StandSetup.RunAsync(Endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        Catalog = catalog;
    }

    public void Dispose() => Client.Dispose();

    public void Produce(int partition, params string[] values) => TestTopic.Produce(Endpoints, _topic, partition, values);

    /// <summary>Rows and letters in pieces of a batch, of which a test has few.</summary>
    public Task<RetryReport> RetryAsync(LetterFilter? filter = null, long? limit = null, StandEndpoints? by = null, int batch = 3) =>
        LetterRetry.RunAsync(
            by ?? Endpoints, RetrySource.Of(Stream), filter ?? LetterFilter.All, limit, null, batch, TimeProvider.System,
            CancellationToken.None);

    /// <returns>Rows of each.</returns>
    public async Task<IReadOnlyList<long>> RetryAsync(IReadOnlyList<RetrySource> sources)
    {
        List<long> passed = [];
        foreach (var source in sources)
            passed.Add((await LetterRetry.RunAsync(
                Endpoints, source, LetterFilter.All, null, null, TimeProvider.System, CancellationToken.None)).Passed);
        return passed;
    }

    /// <summary>As slow as the INSERT of a command that was killed: it made its choice of letters before it was.</summary>
    /// <returns>Ends when it does.</returns>
    public async Task<Task> LeaveInsertAsync(string letters)
    {
        var left = Client.ExecuteAsync(
            $"""
            INSERT INTO small_table (id, kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, inserted_at)
            SELECT kafka_offset + 1 + sleepEachRow(0.2), kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, now64(3)
            FROM dead_letters WHERE {letters} SETTINGS function_sleep_max_microseconds_per_block = 60000000
            """,
            queryId: $"millrace-retry-{Endpoints.Database}-small_table");
        await Eventually.Holds(
            async () => await CountAsync("system.processes WHERE query LIKE '%sleepEachRow(0.2)%'") > 1, "the one before inserts");
        return left;
    }

    public Task<RetryReport> ForecastAsync(StreamDefinition? stream = null, LetterFilter? filter = null, long? limit = null) =>
        LetterRetry.ForecastAsync(Endpoints, RetrySource.Of(stream ?? Stream), filter ?? LetterFilter.All, limit, CancellationToken.None);

    /// <summary>Batches of few records, of which a test has few.</summary>
    public Task<ReplayReport> ReplayAsync(
        ReplayOrder? order = null, StandEndpoints? by = null, Action<ReplayProgress>? progress = null, int batch = 3,
        CancellationToken cancellation = default) =>
        StreamReplay.RunAsync(
            by ?? Endpoints, Catalog, Stream, order ?? new ReplayOrder(), progress, batch, TimeProvider.System, cancellation);

    public Task HoldsAsync(int rows, int letters) => Eventually.Holds(
        async () => await RowsAsync() is var found && found.Count == rows && await CountAsync("dead_letters") == letters,
        $"{rows} rows and {letters} letters are stored");

    /// <summary>Committed, too: what is read is past every letter.</summary>
    public Task IsCommittedAsync(params (int Partition, long Offset)[] ends) => Eventually.Holds(async () =>
    {
        using var kafka = new KafkaAdmin(Endpoints);
        var committed = await kafka.Offsets.CommittedAsync(
            Endpoints.Identity.Group, [.. ends.Select(end => new TopicPartition(_topic, end.Partition))]);
        return ends.All(end => committed.GetValueOrDefault(new TopicPartition(_topic, end.Partition)) == end.Offset);
    }, "everything is committed");

    /// <summary>Each as PARTITION/OFFSET ID SCORE, in order.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string table = "small_table") => [.. (await Client.QueryAsync<TextRow>(
        $"""
        SELECT concat(toString(kafka_partition), '/', toString(kafka_offset), ' ', toString(id), ' ', ifNull(toString(score), '-')) AS text
        FROM {table} ORDER BY kafka_partition, kafka_offset
        """)).Select(row => row.Text)];

    public async Task<long> CountAsync(string from) =>
        (await Client.QueryAsync<CountRow>($"SELECT count() AS count FROM {from}")).Single().Count;

    /// <summary>Rows, letters that wait, dropped ones, missing and stored twice.</summary>
    public async Task<(long Rows, long Letters, long Dropped, long Missing, long Twice)> AuditAsync()
    {
        var report = await StandAudit.RunAsync(Endpoints, Catalog, 100, null, CancellationToken.None);
        var partitions = report.Topics.Single().Partitions;
        return (
            partitions.Sum(one => one.Rows), partitions.Sum(one => one.DeadLetters), partitions.Sum(one => one.DroppedLetters),
            partitions.Sum(one => one.Missing + one.Gone), partitions.Sum(one => one.StoredTwice));
    }

    public static string Event(int id, string score = "1", string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"score":{{score}}{{more}}}""");

    sealed record TextRow(string Text);

    sealed record CountRow(long Count);
}
