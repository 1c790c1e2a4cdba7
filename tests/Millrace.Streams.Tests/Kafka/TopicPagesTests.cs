using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public class TopicPagesTests(QuietBroker broker) : IClassFixture<QuietBroker>
{
    static readonly DateTimeOffset First = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Leafing_backwards_and_following_give_every_record_once()
    {
        await MakeAsync("leafed", 250, 30);
        using var kafka = new KafkaAdmin(broker.Endpoints);
        var pages = new TopicPages(broker.Endpoints, kafka);
        var choice = new TopicChoice("leafed", null, null);

        var page = await pages.BackwardsAsync(choice, null, CancellationToken.None);
        var (seen, after) = (page.Records.ToList(), page.After);
        while (!page.IsStart) seen.AddRange((page = await pages.BackwardsAsync(choice, page.Before, CancellationToken.None)).Records);
        Produce("leafed", 0, "later");
        seen.AddRange((await pages.OnwardsAsync(choice, after, CancellationToken.None)).Records);

        Assert.Equal(281, seen.Count);
        Assert.Equal(281, seen.Select(record => (record.Partition, record.Offset)).Distinct().Count());
    }

    [Fact]
    public async Task Wanted_records_are_looked_for_far_back_and_what_did_not_fit_is_on_the_page_before()
    {
        await MakeAsync("searched", 600, 1);
        using var kafka = new KafkaAdmin(broker.Endpoints);
        var pages = new TopicPages(broker.Endpoints, kafka);
        var choice = new TopicChoice("searched", 0, record => record.Offset % 2 == 0);

        var newest = await pages.BackwardsAsync(choice, null, CancellationToken.None);
        var before = await pages.BackwardsAsync(choice, newest.Before, CancellationToken.None);

        Assert.Equal((200, 600, false), (newest.Records.Count, newest.Looked, newest.IsStart));
        Assert.Equal((100, true), (before.Records.Count, before.IsStart));
        Assert.Equal(newest.Records[0].Offset - 2, before.Records[^1].Offset);
    }

    [Fact]
    public async Task A_long_search_keeps_no_more_than_a_page_shows()
    {
        await MakeAsync("kept", 600, 3);
        var part = new TopicPart("kept", new Dictionary<int, long> { [0] = 0, [1] = 0 });

        var batch = await TopicReader.ReadAsync(broker.Endpoints, part, new ReadLimits { OfEachPartition = 3 }, CancellationToken.None);

        Assert.Equal([0, 1, 2, 597, 598, 599], batch.Records.Select(record => record.Offset).Order());
        Assert.Equal([0], batch.Cut);
        Assert.Equal((603, true), (batch.Looked, batch.IsEnd));
    }

    [Fact]
    public async Task A_place_past_the_end_waits_there_one_of_no_known_partition_is_kept_and_one_by_time_begins_at_its_first_record()
    {
        await MakeAsync("placed", 10, 10);
        using var kafka = new KafkaAdmin(broker.Endpoints);
        var pages = new TopicPages(broker.Endpoints, kafka);
        var choice = new TopicChoice("placed", null, null);

        var past = await pages.OnwardsAsync(choice, new Dictionary<int, long> { [0] = 99, [7] = 0 }, CancellationToken.None);
        var since = await pages.SinceAsync(choice, First.AddMilliseconds(8), CancellationToken.None);

        Assert.Empty(past.Records);
        Assert.Equal(new Dictionary<int, long> { [0] = 10, [7] = 0 }, past.After);
        Assert.Equal([8L, 8L, 9L, 9L], since.Records.Select(record => record.Offset).Order());
    }

    /// <summary>So many records in the partitions 0 and 1.</summary>
    async Task MakeAsync(string topic, int inFirst, int inSecond)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(broker.Endpoints))).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 2, ReplicationFactor = 1 }]);
        TestTopic.Produce(broker.Endpoints, topic, 0, Enumerable.Repeat("x", inFirst), First);
        TestTopic.Produce(broker.Endpoints, topic, 1, Enumerable.Repeat("x", inSecond), First);
    }

    void Produce(string topic, int partition, string value) => TestTopic.Produce(broker.Endpoints, topic, partition, [value]);
}
