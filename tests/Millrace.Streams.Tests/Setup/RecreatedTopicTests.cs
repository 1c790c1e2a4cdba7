using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Setup;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

[Collection(ServersCollection.Name)]
public class RecreatedTopicTests(ServersFixture servers) : ServersTest(servers)
{
    [Theory]
    [InlineData("small_table", "INSERT INTO small_table (id, kafka_topic, kafka_partition, kafka_offset) VALUES (1, 'recreated', 1, 41)")]
    [InlineData("dead_letters", "INSERT INTO dead_letters (kafka_topic, kafka_partition, kafka_offset) VALUES ('recreated', 1, 41)")]
    public async Task A_topic_that_ends_before_what_is_stored_stops_setup(string table, string insert)
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("recreated"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync(insert);

        var refused = await Assert.ThrowsAsync<TopicRecreatedException>(() =>
            StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None));

        Assert.StartsWith($"{table} holds offset 41 of recreated, partition 1, but the topic ends at 0", refused.Message, StringComparison.Ordinal);
        var remedy = $"DELETE FROM {table} WHERE kafka_topic = 'recreated' AND kafka_partition = 1 AND kafka_offset >= 0";
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        await client.ExecuteAsync(remedy);
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
    }

    [Fact]
    public async Task A_topic_made_anew_while_the_stand_runs_stops_its_stream_instead_of_losing_records()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(TestStream.Small("anew")), NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync(
            "INSERT INTO small_table (id, kafka_topic, kafka_partition, kafka_offset, kafka_timestamp) "
            + "VALUES (1, 'anew', 0, 41, now64(3) - 60)");
        TestTopic.Produce(endpoints, "anew", 0, ["""{"id":2}"""]);

        await Eventually.Holds(
            async () => (await ReasonsAsync(client)).Contains("anew was made anew", StringComparison.Ordinal),
            "the consumer says why it waits");
        await client.ExecuteAsync("TRUNCATE TABLE small_table");
        await Eventually.Holds(
            async () => (await client.QueryAsync<Text>("SELECT toString(id) AS value FROM small_table")).SingleOrDefault()?.Value == "2",
            "the record is stored after all");
    }

    [Theory]
    [InlineData(0, "the first stored record is another one")]
    [InlineData(1, "the last stored record is another one, and the first is not there any more")]
    public async Task Records_of_a_topic_made_anew_with_older_timestamps_wait(int deleted, string why)
    {
        var topic = $"older_{deleted}";
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small(topic));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        TestTopic.Produce(endpoints, topic, 0, ["""{"id":1}""", """{"id":2}""", "none"]);
        await Eventually.Holds(
            async () => await Count(client, "small_table") + await Count(client, "dead_letters") == 3, "the first topic is stored");
        await client.ExecuteAsync($"DELETE FROM small_table WHERE kafka_offset < {deleted}");

        await TestTopic.RemakeAsync(endpoints, topic, partitions: 2);
        // Fewer than were read before, so that the consumer begins at the start: it may go on where it was in a topic that is longer.
        TestTopic.Produce(endpoints, topic, 0, ["""{"id":11}""", """{"id":12}"""], TimeProvider.System.GetUtcNow().AddDays(-1));

        await Eventually.Holds(async () => (await ReasonsAsync(client)).Contains($"{topic} was made anew", StringComparison.Ordinal), why);
        TestTopic.Produce(endpoints, topic, 0, ["""{"id":13}""", """{"id":14}"""]);
        using var status = new StandStatusReader(endpoints, catalog, TimeProvider.System);
        await Eventually.Holds(
            async () =>
            {
                var trouble = (await status.ReadAsync(CancellationToken.None)).Streams[0].Trouble;
                return trouble?.StartsWith($"{topic} waits: {topic} was made anew", StringComparison.Ordinal) == true;
            },
            "the live table says why nothing comes");
        Assert.Equal(2 - deleted, await Count(client, "small_table"));
        var refused = await Assert.ThrowsAsync<TopicRecreatedException>(() =>
            StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None));
        Assert.StartsWith(
            $"small_table holds another record at offset {deleted} of {topic}, partition 0, than the topic does",
            refused.Message, StringComparison.Ordinal);
        var audit = await StandAudit.RunAsync(endpoints, catalog, CancellationToken.None);
        Assert.True(audit.HasTrouble);
        Assert.Equal(deleted, audit.Topics[0].Partitions[0].OtherRecordAt);
        await client.ExecuteAsync("TRUNCATE TABLE small_table");
        await client.ExecuteAsync("TRUNCATE TABLE dead_letters");
        await Eventually.Holds(
            async () => await Count(client, "small_table") == 4, "once the old rows are gone, each record of the new topic is stored");
        await Eventually.Holds(
            async () => !(await StandAudit.RunAsync(endpoints, catalog, CancellationToken.None)).HasTrouble, "the audit is clean");
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
    }

    [Fact]
    public async Task A_longer_topic_in_whose_midst_a_consumer_goes_on_is_told_by_its_records()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("longer"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        TestTopic.Produce(endpoints, "longer", 0, ["""{"id":1}""", """{"id":2}"""]);
        await Eventually.Holds(async () => await Count(client, "small_table") == 2, "the first topic is stored");
        await client.ExecuteAsync("DETACH TABLE small_queue");

        await TestTopic.RemakeAsync(endpoints, "longer", partitions: 2);
        TestTopic.Produce(
            endpoints, "longer", 0, ["""{"id":11}""", """{"id":12}""", """{"id":13}"""], TimeProvider.System.GetUtcNow().AddDays(-1));
        await client.ExecuteAsync(
            "INSERT INTO small_table (id, kafka_topic, kafka_partition, kafka_offset, kafka_timestamp) "
            + "VALUES (13, 'longer', 0, 2, now64(3) - INTERVAL 1 DAY)");
        using var status = new StandStatusReader(endpoints, catalog, TimeProvider.System);

        Assert.Equal(
            0, (await StandAudit.RunAsync(endpoints, catalog, 1, null, CancellationToken.None)).Topics[0].Partitions[0].OtherRecordAt);
        Assert.StartsWith(
            "longer was made anew", (await status.ReadAsync(CancellationToken.None)).Streams[0].Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_read_twice_are_not_taken_for_those_of_a_topic_made_anew()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("twice"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        TestTopic.Produce(
            endpoints, "twice", 0, ["none", """{"id":1}""", """{"id":2}""", "none"], TimeProvider.System.GetUtcNow().AddDays(-1));
        await Eventually.Holds(async () => await Count(client, "small_table") + await Count(client, "dead_letters") == 4, "all are stored");

        await StandSetup.RunAsync(
            endpoints with { Identity = endpoints.Identity with { Group = "another_group_reads_twice" } },
            catalog, NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "twice", 0, ["""{"id":3}"""]);

        await Eventually.Holds(
            async () => await Count(client, "small_table") == 3, "the record behind those that were read again is stored");
        Assert.Equal((3, 2), (await Count(client, "small_table"), await Count(client, "dead_letters")));
    }

    static async Task<string> ReasonsAsync(ClickHouseClient client) => string.Concat((await client.QueryAsync<Text>(
        "SELECT arrayStringConcat(exceptions.text) AS value FROM system.kafka_consumers WHERE database = currentDatabase()"))
        .Select(row => row.Value));

    static async Task<long> Count(ClickHouseClient client, string table) =>
        (await client.QueryAsync<Number>($"SELECT count() AS value FROM {table}"))[0].Value;

    sealed record Number(long Value);

    sealed record Text(string Value);
}
