using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Secrets;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

[Collection(ServersCollection.Name)]
public class StandSetupTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task A_record_produced_after_setup_becomes_a_row_that_names_its_origin()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(TestStream.Small("origin")), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "origin", 1, ["""{"id":7,"score":3}""", """{"id":8}"""]);
        using var client = new ClickHouseClient(endpoints);
        var rows = await Eventually.Gives(
            () => client.QueryAsync<Row>("SELECT id, score, kafka_topic, kafka_partition, kafka_offset FROM small_table ORDER BY id"),
            rows => rows.Count == 2, "two rows");
        Assert.Equal([new Row(7, 3, "origin", 1, 0), new Row(8, null, "origin", 1, 1)], rows);
    }

    [Fact]
    public async Task A_second_setup_changes_nothing()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("second"));
        var first = await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        var second = await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        Assert.Equal(["second"], first.CreatedTopics);
        Assert.Equal(12, first.Statements.Count);
        Assert.True(second.ChangedNothing, string.Join('\n', second.Statements));
    }

    [Fact]
    public async Task Only_an_edit_of_a_stream_that_is_set_up_changes_the_schema()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var (small, other) = (TestStream.Small("schema", "schema"), TestStream.Small("schema_other", "other"));
        var wider = TestStream.Small("schema", "schema", "  - { name: note, type: Nullable(String), generate: { choice: [a] } }");

        Assert.False(await ChangedAsync(endpoints, small));
        Assert.False(await ChangedAsync(endpoints, small, other));
        var password = new Dictionary<string, Secret> { ["sasl.username"] = new("me"), ["sasl.password"] = new("another") };
        var withPassword = endpoints with { QueueKafka = new QueueKafka(endpoints.QueueKafka.Bootstrap, password) };
        Assert.False(await ChangedAsync(withPassword, small, other));
        Assert.False(await ChangedAsync(endpoints, small, other));
        using (var client = new ClickHouseClient(endpoints))
            await client.ExecuteAsync(
                StreamPause.MarkOf(TestStream.Read(small), endpoints.Identity.Name).CreateSqlWithComment);
        Assert.False(await ChangedAsync(endpoints, small, other));
        Assert.True(await ChangedAsync(endpoints, wider, other));
        var elsewhere = $"{wider}\ndead_letters: schema_letters";
        Assert.True(await ChangedAsync(endpoints, elsewhere, other));
        Assert.False(await ChangedAsync(endpoints, elsewhere));

        static async Task<bool> ChangedAsync(StandEndpoints endpoints, params string[] streams)
        {
            var report = await StandSetup.RunAsync(endpoints, TestStream.Catalog(streams), NullLogger.Instance, CancellationToken.None);
            Assert.NotEmpty(report.Statements);
            return report.ChangedSchema;
        }
    }

    sealed record Row(ulong Id, int? Score, string KafkaTopic, int KafkaPartition, long KafkaOffset);
}
