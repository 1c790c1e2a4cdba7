using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

[Collection(ServersCollection.Name)]
public class StandSetupTests(ServersFixture servers)
{
    [Fact]
    public async Task A_record_produced_after_setup_becomes_a_row_that_names_its_origin()
    {
        var endpoints = await servers.NewDatabaseAsync();
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
        var endpoints = await servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("second"));
        var first = await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        var second = await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        Assert.Equal(["second"], first.CreatedTopics);
        Assert.Equal(12, first.Statements.Count);
        Assert.True(second.ChangedNothing, string.Join('\n', second.Statements));
    }

    sealed record Row(ulong Id, int? Score, string KafkaTopic, int KafkaPartition, long KafkaOffset);
}
