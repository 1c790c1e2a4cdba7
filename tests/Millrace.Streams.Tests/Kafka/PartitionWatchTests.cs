using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>On the embedded broker and on the original: docs/decisions/0008-partitions-of-a-running-topic.md.</summary>
[Collection(ServersCollection.Name)]
public class PartitionWatchTests(ServersFixture servers) : ServersTest(servers)
{
    const int Before = 2, After = 12;

    [Fact]
    public async Task Partitions_that_a_running_topic_is_given_are_read_and_every_record_is_stored_once() =>
        await NewPartitionsAreReadAsync(await Servers.NewDatabaseAsync());

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task Partitions_that_a_running_topic_is_given_on_Apache_Kafka_are_read_and_every_record_is_stored_once()
    {
        await using var apache = await ApacheKafkaServer.StartAsync();
        await NewPartitionsAreReadAsync(await Servers.NewDatabaseAsync() with { Kafka = apache.Bootstrap });
    }

    /// <summary>Each of the streams in turn grows: in a group of several tables only the leader's own would be noticed by itself.</summary>
    static async Task NewPartitionsAreReadAsync(StandEndpoints endpoints)
    {
        var prefix = $"grow_{Guid.NewGuid():N}_";
        string[] names = ["a", "b", "c"];
        var catalog = TestStream.Catalog([.. names.Select(name => TestStream.Small(prefix + name, name))]);
        var topics = names.Select(name => prefix + name).ToArray();
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        using var kafka = new KafkaAdmin(endpoints);
        var group = endpoints.Identity.Group;
        await Eventually.Holds(async () => (await kafka.ReadersAsync(group, topics)).Unread.Count == 0, "all partitions are read");

        using var stop = new CancellationTokenSource();
        var watch = PartitionWatch.RunAsync(endpoints, topics, NullLogger.Instance, TimeProvider.System, stop.Token);
        foreach (var name in names) await GrowAsync(endpoints, client, prefix + name, name);
        await stop.CancelAsync();
        await watch;
    }

    static async Task GrowAsync(StandEndpoints endpoints, ClickHouseClient client, string topic, string name)
    {
        TestTopic.Produce(endpoints, topic, 0, Events(0));
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(endpoints))).Build();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = After }]);
        for (var partition = Before; partition < After; partition++) TestTopic.Produce(endpoints, topic, partition, Events(partition));

        var stored = await Eventually.Gives(
            () => StoredAsync(client, name), stored => stored.Partitions == After - Before + 1, "the new partitions are read");
        Assert.Equal((stored.Partitions * 3, stored.Partitions * 3), (stored.Rows, stored.Offsets));
    }

    static IEnumerable<string> Events(int partition) =>
        Enumerable.Range(partition * 10, 3).Select(id => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}}}"""));

    static async Task<Stored> StoredAsync(ClickHouseClient client, string name) => (await client.QueryAsync<Stored>(
        $"""
        SELECT count() AS rows, uniqExact(kafka_partition, kafka_offset) AS offsets, uniqExact(kafka_partition) AS partitions
        FROM {name}_table
        """)).Single();

    sealed record Stored(long Rows, long Offsets, long Partitions);
}
