using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Explain;

[Collection(ServersCollection.Name)]
public class RecordSearchTests(ServersFixture servers) : ServersTest(servers)
{
    /// <summary>A column of each type that a definition may have.</summary>
    const string Columns = """
          - { name: word, type: LowCardinality(String), generate: { choice: { a: 1 } } }
          - { name: made, type: DateTime64(3), generate: now }
          - { name: price, type: "Decimal(9, 2)", generate: { range: [1, 5] } }
          - { name: uid, type: UUID, generate: uuid }
        """;

    const string Record =
        """{"id":7,"score":3,"word":"it's","made":"2026-01-02T03:04:05.678Z","price":1.50,"uid":"9675f7cd-a212-4a8e-933c-7020378b54ec"}""";

    [Fact]
    public async Task A_record_is_found_by_the_value_of_any_column_whether_it_is_a_row_or_a_dead_letter()
    {
        var (client, stream) = await StoreAsync("searched_values", Record, """{"id":"seven"}""", "not json: seven");
        using var _ = client;

        foreach (var (column, value) in new[]
        {
            ("id", "7"), ("score", "3"), ("word", "it's"), ("made", "2026-01-02T03:04:05.678Z"), ("made", "2026-01-02 03:04:05.678"),
            ("price", "1.5"), ("uid", "9675f7cd-a212-4a8e-933c-7020378b54ec"),
        })
        {
            var hit = Assert.Single(await FindAsync(client, stream, column, value));
            Assert.Equal((Verdicts.Row, 0L), (hit.Kind, hit.Offset));
        }
        Assert.Equal([(Verdicts.DeadLetter, 1L), (Verdicts.DeadLetter, 2L)], (await FindAsync(client, stream, "id", "seven"))
            .Select(hit => (hit.Kind, hit.Offset)).Order());
        Assert.Empty(await FindAsync(client, stream, "word", "' OR 1 = 1 OR '"));
    }

    [Fact]
    public async Task Dead_letters_are_counted_by_what_is_wrong_and_not_by_the_values_that_are()
    {
        var (client, stream) = await StoreAsync("counted", """{"id":"one: a"}""", """{"id":"two: b"}""", "not json", Record);
        using var _ = client;

        var letters = await DeadLetterSummary.ReadAsync(client, TestStream.Catalog(Yaml("counted")), CancellationToken.None);
        var one = Assert.Single(letters.Streams);
        var samples = await DeadLetterSamples.ReadAsync(client, stream, "id", "id is not a valid UInt64", CancellationToken.None);

        Assert.Equal((3L, 3L), (one.Total, one.Counted));
        Assert.Equal([("id is not a valid UInt64", 2L), ("not valid JSON", 1L)], one.Kinds.Select(kind => (kind.Reason, kind.Letters)));
        Assert.Equal(["id", "word", "made", "price", "uid"], one.Kinds[0].Columns);
        Assert.Equal(3, one.Minutes.Sum(minute => minute.Letters));
        Assert.Equal([1L, 0L], samples.Select(sample => sample.Offset));
    }

    static string Yaml(string topic) => TestStream.Small(topic, moreColumns: Columns);

    static Task<IReadOnlyList<RecordHit>> FindAsync(ClickHouseClient client, StreamDefinition stream, string column, string value) =>
        RecordSearch.RunAsync(client, stream, stream.Columns.Single(one => one.Name == column), value, CancellationToken.None);

    async Task<(ClickHouseClient Client, StreamDefinition Stream)> StoreAsync(string topic, params string[] values)
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var stream = TestStream.Catalog(Yaml(topic)).Streams[0];
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(Yaml(topic)), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, topic, 0, values);
        var client = new ClickHouseClient(endpoints);
        await Eventually.Holds(
            async () => (await client.QueryAsync<Stored>(
                $"SELECT (SELECT count() FROM {stream.TargetTable}) + (SELECT count() FROM {stream.DeadLetterTable}) AS stored"))[0].Count
                == values.Length,
            "all are stored");
        return (client, stream);
    }

    sealed record Stored([property: System.Text.Json.Serialization.JsonPropertyName("stored")] long Count);
}
