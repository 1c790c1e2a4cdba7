using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Streams.Tests.Audit;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Explain;

[Collection(ServersCollection.Name)]
public class RecordExplainerTests(ServersFixture servers, QuietBroker broker) : ServersTest(servers), IClassFixture<QuietBroker>
{
    [Fact]
    public async Task Each_fate_of_a_record_has_its_verdict()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka))
            .Produce("gone", "row", "dead", null, "missing", "twice", "unread");
        await stream.CommitAsync(6);
        await stream.Store(1, 5, 5);
        await stream.StoreDead(2);
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(stream.Endpoints))).Build();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(stream.Catalog.Streams[0].Topic, 0, 1)]);

        var explained = new List<RecordExplanation>();
        for (var offset = 0; offset < 8; offset++) explained.Add((await ExplainAsync(stream, offset))!);

        Assert.Equal(
            [
                Verdicts.Gone, Verdicts.Row, Verdicts.DeadLetter, Verdicts.Tombstone, Verdicts.Missing,
                Verdicts.StoredTwice, Verdicts.NotReadYet, Verdicts.NotThereYet,
            ],
            explained.Select(record => record.Verdict));
        Assert.Equal([false, true, true, true, false, false, true, true], explained.Select(record => record.IsWell));
        Assert.Equal("missing", explained[4].Record!.Value);
        Assert.Null(explained[0].Record);
        Assert.Equal(2, explained[5].Rows.Count);
        Assert.Null(await ExplainAsync(stream, 0, partition: 9));
    }

    [Fact]
    public async Task A_dead_letter_is_explained_field_by_field()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(
            TestStream.Small("explained", moreColumns: "  - { name: word, type: String, generate: { choice: { a: 1 } } }"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "explained", 0, ["{\"id\":7,\"score\":\"high\u001b\"}"]);
        using var client = new ClickHouseClient(endpoints);
        await Eventually.Holds(
            async () => (await client.QueryAsync<Letter>("SELECT reason FROM dead_letters")).Count == 1, "the dead letter");

        var explained = (await RecordExplainer.RunAsync(endpoints, catalog.Streams[0], 0, 0, CancellationToken.None))!;

        Assert.Equal(Verdicts.DeadLetter, explained.Verdict);
        Assert.StartsWith("It is a dead letter, in dead_letters: ", explained.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', explained.Record!.Value!);
    }

    [Fact]
    public async Task A_field_that_is_no_value_of_its_column_is_told_with_what_the_record_says()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(
            TestStream.Small("fields", moreColumns: "  - { name: word, type: String, generate: { choice: { a: 1 } } }"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "fields", 0, ["""{"id":7,"score":300}"""]);

        var explained = (await RecordExplainer.RunAsync(endpoints, catalog.Streams[0], 0, 0, CancellationToken.None))!;

        Assert.Equal(
            [
                new ColumnVerdict("id", "UInt64", "7", "7", null),
                new ColumnVerdict("score", "Nullable(Int8)", "300", null, "is not a valid Int8"),
                new ColumnVerdict("word", "String", null, null, "is missing"),
            ],
            explained.Columns);
    }

    static Task<RecordExplanation?> ExplainAsync(AuditedStream stream, long offset, int partition = 0) =>
        RecordExplainer.RunAsync(stream.Endpoints, stream.Catalog.Streams[0], partition, offset, CancellationToken.None);

    sealed record Letter(string Reason);
}
