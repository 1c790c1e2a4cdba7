using System.Globalization;
using System.Text.Json;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;

namespace Millrace.Streams.Tests.Explain;

[Collection(ServersCollection.Name)]
public sealed class NewestRowsTests(ServersFixture servers) : ServersTest(servers)
{
    const string Topic = "newest_rows";

    /// <summary>Above what a query reads that only counts.</summary>
    const int Many = 6_000_000;

    static readonly StreamCatalog Catalog = TestStream.Catalog(TestStream.Small(Topic));

    static StreamDefinition Stream => Catalog.Streams[0];

    [Fact]
    public async Task The_newest_rows_are_the_newest_of_a_part_with_millions_too()
    {
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        await client.ExecuteAsync(TargetTableSql.Create(Stream, "millrace"));
        // The newest come last by the sorting key: whoever stops on his way never sees them.
        await client.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO {Stream.TargetTable} (id, kafka_topic, kafka_offset, inserted_at)
            SELECT number, '{Topic}', number, toDateTime64('2026-01-01 00:00:00', 3) + toIntervalMillisecond(number) FROM numbers({Many})
            """));
        await client.ExecuteAsync($"OPTIMIZE TABLE {Stream.TargetTable} FINAL");

        var rows = await TableFactsReader.NewestRowsAsync(client, Stream.TargetTable, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 10).Select(i => Many - (long)i), rows.Select(row => Number(row.GetProperty("kafka_offset"))));
    }

    [Fact]
    public async Task The_samples_are_the_newest_of_their_kind_wherever_they_are()
    {
        using var client = await WithDeadLettersAsync("one", 12);
        await StoreAsync(client, "two", 30, 1000);
        foreach (var i in Enumerable.Range(0, 5)) await StoreAsync(client, "three", 1, 2000 + i);

        Assert.Equal(Down(2004, 5).Concat(Down(1029, 5)), await SamplesAsync(client, null));
        Assert.Equal(Down(1029, 10), await SamplesAsync(client, "two"));
        Assert.Equal(Down(11, 10), await SamplesAsync(client, "one"));
    }

    [Fact]
    public async Task With_more_kinds_than_are_shown_all_are_counted()
    {
        const int Kinds = DeadLetterSummary.MostKinds + 50;
        using var client = await WithDeadLettersAsync("common", 3);
        await client.ExecuteAsync(Insert("concat('kind ', toString(number))", Kinds, 100));

        var letters = Assert.Single((await DeadLetterSummary.ReadAsync(client, Catalog, CancellationToken.None)).Streams);

        Assert.Equal(DeadLetterSummary.MostKinds, letters.Kinds.Count);
        Assert.Equal((Kinds + 3L, Kinds + 3L), (letters.Total, letters.Counted));
        Assert.Equal("common", letters.Kinds[0].Reason);
        Assert.Equal(Kinds + 3L, letters.Minutes.Sum(minute => minute.Letters));
    }

    static IEnumerable<long> Down(long first, int count) => Enumerable.Range(0, count).Select(i => first - i);

    static long Number(JsonElement value) => long.Parse($"{value}", CultureInfo.InvariantCulture);

    static async Task<IEnumerable<long>> SamplesAsync(ClickHouseClient client, string? reason) =>
        (await DeadLetterSamples.ReadAsync(client, Stream, null, reason, CancellationToken.None)).Select(sample => sample.Offset);

    async Task<ClickHouseClient> WithDeadLettersAsync(string reason, int count)
    {
        var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        await client.ExecuteAsync(DeadLettersSql.CreateTable(Stream.DeadLetterTable, "millrace"));
        await StoreAsync(client, reason, count, 0);
        return client;
    }

    static Task StoreAsync(ClickHouseClient client, string reason, int count, int from) =>
        client.ExecuteAsync(Insert(Sql.Text(reason), count, from));

    /// <summary>Inserted a millisecond after each other, by their offsets, in the minute before this.</summary>
    static string Insert(string reason, int count, int from) => string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO {Stream.DeadLetterTable} (kafka_topic, kafka_offset, reason, inserted_at)
        SELECT '{Topic}', {from} + number, {reason}, now64(3) - INTERVAL 1 MINUTE + toIntervalMillisecond({from} + number)
        FROM numbers({count})
        """);
}
