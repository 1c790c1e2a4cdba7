using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>On the embedded broker, and on the original where it can be run: a test that fails there is a wrong test.</summary>
[Collection(OriginalBroker.OneAtATime)]
public class KafkaReadingTests(QuietBroker embedded, OriginalBroker apache) : IClassFixture<QuietBroker>, IClassFixture<OriginalBroker>
{
    string _topic = $"t{Guid.NewGuid():N}";

    StandEndpoints Endpoints { get; set; } = embedded.Endpoints;

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task A_topic_is_listed_with_the_bounds_of_its_partitions(string broker)
    {
        Choose(broker);
        Produce(0, "a", "b");
        Produce(2, "c");
        using var admin = new KafkaAdmin(Endpoints);

        var topic = (await admin.ListTopicsAsync()).Single(topic => topic.Name == _topic);

        Assert.Equal(
            [(0, 0, 2), (1, 0, 0), (2, 0, 1)],
            topic.Partitions.Select(partition => (partition.Partition, partition.LogStartOffset, partition.LogEndOffset)));
        Assert.Equal(3, topic.Records);
        Assert.Null(topic.SizeError);
        Assert.True(topic.Partitions[0].SizeBytes > 0, "two records take bytes");
        Assert.Equal(0, topic.Partitions[1].SizeBytes);
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task Sizes_are_asked_for_of_the_topics_that_are_named(string broker)
    {
        Choose(broker);
        Produce(0, "a");
        var wanted = _topic;
        _topic = $"t{Guid.NewGuid():N}";
        Produce(0, "a");
        using var admin = new KafkaAdmin(Endpoints);

        var topics = (await admin.ListTopicsAsync([wanted])).ToDictionary(topic => topic.Name);

        Assert.True(topics[wanted].SizeBytes > 0, topics[wanted].SizeError);
        Assert.Equal((null, "sizes are only asked for of the stand's own topics"), (topics[_topic].SizeBytes, topics[_topic].SizeError));
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task Topics_are_listed_but_for_those_that_Kafka_keeps_for_itself(string broker)
    {
        Choose(broker);
        _topic = $"__{_topic}";
        Produce(0, "a");
        // Makes __consumer_offsets, which the embedded broker does without.
        await GroupOffsets.CommitAsync(Endpoints, $"g{Guid.NewGuid():N}", new TopicPartitionOffset(_topic, 0, 1));
        using var admin = new KafkaAdmin(Endpoints);

        var topics = (await admin.ListTopicsAsync()).Select(topic => topic.Name).ToList();

        Assert.Contains(_topic, topics);
        Assert.DoesNotContain("__consumer_offsets", topics);
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task Groups_of_consumers_are_listed_beside_one_of_Kafka_Connect(string broker)
    {
        Choose(broker);
        Produce(0, "a");
        var (group, connect) = ($"g{Guid.NewGuid():N}", $"connect-{Guid.NewGuid():N}");
        await GroupOffsets.CommitAsync(Endpoints, group, new TopicPartitionOffset(_topic, 0, 1));
        using var foreign = await ForeignGroup.JoinAsync(Endpoints.Kafka, connect, "connect");
        using var admin = new KafkaAdmin(Endpoints);

        var groups = (await admin.ListGroupsAsync()).Select(found => found.GroupId).ToList();

        Assert.Contains(group, groups);
        Assert.DoesNotContain(connect, groups);
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public void Records_are_read_between_two_offsets_with_their_lengths(string broker)
    {
        Choose(broker);
        Produce(1, "a", null, "", "dddd", "e");
        using var reader = new RecordReader(Endpoints, "nobody");

        var records = reader.Read(new TopicPartition(_topic, 1), 1, 4).ToList();

        Assert.Equal([new(1, 0), new(2, 0), new(3, 4)], records);
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public void Reading_ends_at_the_end_of_the_partition(string broker)
    {
        Choose(broker);
        Produce(0, "a", "b");
        using var reader = new RecordReader(Endpoints, "nobody");

        Assert.Equal([0, 1], reader.Read(new TopicPartition(_topic, 0), 0, 100).Select(record => record.Offset));
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task A_group_that_committed_nothing_has_no_committed_offset(string broker)
    {
        Choose(broker);
        Produce(0, "a");
        using var kafka = new KafkaAdmin(Endpoints);

        Assert.Empty(await kafka.Offsets.CommittedAsync("nobody", [new TopicPartition(_topic, 0)]));
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task A_group_is_listed_with_what_it_committed_and_its_lag(string broker)
    {
        Choose(broker);
        Produce(0, "a", "b", "c");
        var group = $"g{Guid.NewGuid():N}";
        await GroupOffsets.CommitAsync(Endpoints, group, new TopicPartitionOffset(_topic, 0, 1));
        using var admin = new KafkaAdmin(Endpoints);

        var listed = (await admin.ListGroupsAsync()).Single(listed => listed.GroupId == group);

        Assert.Equal("Empty", listed.State);
        Assert.Equal(new GroupPartition(_topic, 0, CommittedOffset: 1, LogEndOffset: 3, Lag: 2, MemberId: null), listed.Partitions[0]);
    }

    [Theory]
    [InlineData("embedded")]
    [RequiresInlineData(Prerequisite.ApacheKafka, "apache")]
    public async Task A_member_is_listed_with_the_partitions_it_reads(string broker)
    {
        Choose(broker);
        Produce(0, "a", "b");
        var group = $"g{Guid.NewGuid():N}";
        var config = new ConsumerConfig(KafkaClientProperties.For(Endpoints)) { GroupId = group, ClientId = "me" };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config).Build();
        consumer.Subscribe(_topic);
        using var admin = new KafkaAdmin(Endpoints);

        var listed = await Eventually.Gives(async () => (await admin.ListGroupsAsync()).SingleOrDefault(listed => listed.GroupId == group),
            listed => listed?.Partitions.Count == 3, "the member has its partitions");

        Assert.Equal("Stable", listed!.State);
        Assert.Equal("me", listed.Members.Single().ClientId);
        Assert.All(listed.Partitions, partition => Assert.Equal(listed.Members.Single().MemberId, partition.MemberId));
        Assert.Equal(2, listed.Lag);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_one_sentence_in_bounded_time()
    {
        using var kafka = new KafkaAdmin(Endpoints with { Kafka = "127.0.0.1:1" });

        var error = await Assert.ThrowsAsync<KafkaUnavailableException>(
            () => kafka.Offsets.LogEndsAsync([new TopicPartition("orders", 0)]));

        Assert.Equal("no answer from Kafka at 127.0.0.1:1 within 5 s: is it running, and is the address right?", error.Message);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_answers_nothing_is_one_sentence_for_every_question()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using (var kafka = new KafkaAdmin(Endpoints with { Kafka = $"{silent.LocalEndpoint}" }, TimeSpan.FromSeconds(1)))
        {
            var partition = new TopicPartition("orders", 0);
            var questions = new Func<Task>[]
            {
                () => kafka.ListTopicsAsync(), () => kafka.ListGroupsAsync(), () => kafka.PartitionsOfAsync(["orders"]),
                () => kafka.Offsets.LogStartsAsync([partition]), () => kafka.Offsets.CommittedAsync("g", [partition]),
            };
            foreach (var question in questions)
                Assert.StartsWith(
                    "no answer from Kafka", (await Assert.ThrowsAsync<KafkaUnavailableException>(question)).Message,
                    StringComparison.Ordinal);
        }
        // What the native client was told to free is freed now, and not twice.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    void Choose(string broker) => Endpoints = broker == "apache" ? apache.Endpoints : embedded.Endpoints;

    void Produce(int partition, params string?[] values)
    {
        using var producer = new ProducerBuilder<Null, string?>(new ProducerConfig(KafkaClientProperties.For(Endpoints)))
            .SetValueSerializer(Serializers.Utf8!).Build();
        foreach (var value in values) producer.Produce(new TopicPartition(_topic, partition), new Message<Null, string?> { Value = value });
        producer.Flush(TimeSpan.FromSeconds(30));
    }
}
