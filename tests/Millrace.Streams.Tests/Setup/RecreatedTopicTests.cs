using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

[Collection(ServersCollection.Name)]
public class RecreatedTopicTests(ServersFixture servers)
{
    [Theory]
    [InlineData("small_table", "INSERT INTO small_table (id, kafka_topic, kafka_partition, kafka_offset) VALUES (1, 'recreated', 1, 41)")]
    [InlineData("dead_letters", "INSERT INTO dead_letters (kafka_topic, kafka_partition, kafka_offset) VALUES ('recreated', 1, 41)")]
    public async Task A_topic_that_ends_before_what_is_stored_stops_setup(string table, string insert)
    {
        var endpoints = await servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("recreated"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync(insert);

        var refused = await Assert.ThrowsAsync<TopicRecreatedException>(() => StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None));

        Assert.StartsWith($"{table} holds offset 41 of recreated, partition 1, but the topic ends at 0", refused.Message, StringComparison.Ordinal);
        var remedy = $"DELETE FROM {table} WHERE kafka_topic = 'recreated' AND kafka_partition = 1 AND kafka_offset >= 0";
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        await client.ExecuteAsync(remedy);
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
    }

    [Fact]
    public async Task A_topic_made_anew_while_the_stand_runs_stops_its_stream_instead_of_losing_records()
    {
        var endpoints = await servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(TestStream.Small("anew")), NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync("INSERT INTO small_table (id, kafka_topic, kafka_partition, kafka_offset, kafka_timestamp) VALUES (1, 'anew', 0, 41, now64(3) - 60)");
        TestTopic.Produce(endpoints, "anew", 0, ["""{"id":2}"""]);

        await Eventually.Holds(async () => (await client.QueryAsync<Text>(
            "SELECT arrayStringConcat(exceptions.text) AS value FROM system.kafka_consumers WHERE database = currentDatabase()")).Any(row => row.Value.Contains("anew was made anew", StringComparison.Ordinal)), "the consumer says why it waits");
        await client.ExecuteAsync("TRUNCATE TABLE small_table");
        await Eventually.Holds(async () => (await client.QueryAsync<Text>("SELECT toString(id) AS value FROM small_table")).SingleOrDefault()?.Value == "2", "the record is stored after all");
    }

    sealed record Text(string Value);
}
