using Confluent.Kafka;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;
using Millrace.Testing;

namespace Millrace.Conformance.Verbs;

public sealed class Consume(KafkaBrokers brokers) : ConformanceTests(brokers)
{
    static readonly string[] Values = [.. Enumerable.Range(0, 300).Select(i => $"value {i}").Order(StringComparer.Ordinal)];

    [Theory, EveryBroker]
    public async Task A_group_goes_on_where_it_stopped(BrokerKind broker)
    {
        var (topic, group) = (await CreateTopicAsync(broker), NewName("group"));
        await ProduceAsync(broker, topic, Values);
        var first = await Kcat.ConsumeAsGroupAsync(await BootstrapAsync(broker), group, topic, 100);
        var rest = await Kcat.ConsumeAsGroupAsync(await BootstrapAsync(broker), group, topic, 200);
        Assert.Equal(Values, first.Concat(rest).Order(StringComparer.Ordinal));
    }

    [Theory, EveryBroker]
    public async Task Two_members_share_the_partitions_and_one_takes_over_when_the_other_leaves(BrokerKind broker)
    {
        var (topic, group) = (await CreateTopicAsync(broker, partitions: 4), NewName("group"));
        using var first = await JoinAsync(broker, group, topic);
        using (var second = await JoinAsync(broker, group, topic))
        {
            await Eventually.Holds(() => Poll(first).Assignment.Count == 2 & Poll(second).Assignment.Count == 2, "each member has two partitions");
            second.Close();
        }
        await Eventually.Holds(() => Poll(first).Assignment.Count == 4, "the one that stayed has all four");
    }

    [Theory, EveryBroker]
    public async Task Members_of_one_group_may_subscribe_to_different_topics(BrokerKind broker)
    {
        // ClickHouse's three queue tables do: one group, one topic each.
        var group = NewName("group");
        var topics = new[] { await CreateTopicAsync(broker), await CreateTopicAsync(broker), await CreateTopicAsync(broker) };
        var members = new List<IConsumer<Ignore, string>>();
        foreach (var topic in topics) members.Add(await JoinAsync(broker, group, topic));
        await Eventually.Holds(
            () =>
            {
                // All of them each time: a rebalance waits for every member, also for one whose turn has not come.
                members.ForEach(member => Poll(member));
                return members.Zip(topics).All(pair => HoldsAll(pair.First, pair.Second));
            },
            "each member has the three partitions of its topic");
        foreach (var member in members) member.Dispose();
    }

    [Theory, EveryBroker]
    public async Task A_record_produced_while_the_consumer_waits_arrives(BrokerKind broker)
    {
        if (!CanConsume) return;
        var topic = await CreateTopicAsync(broker, partitions: 1);
        using var consumer = await ConsumerAsync(broker, NewName("group"));
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(500)));
        await ProduceAsync(broker, topic, ["now"]);
        Assert.Equal("now", consumer.Consume(Patience).Message.Value);
    }

    [Theory, EveryBroker]
    public async Task Keys_headers_and_timestamps_come_back(BrokerKind broker)
    {
        if (!CanConsume) return;
        var topic = await CreateTopicAsync(broker, partitions: 1);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = await BootstrapAsync(broker) }).Build();
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 1000;
        var sent = new Message<string, string> { Key = "k", Value = "v", Timestamp = new(timestamp, TimestampType.CreateTime), Headers = [new("h", [1, 2])] };
        await producer.ProduceAsync(topic, sent).WaitAsync(Patience);
        using var consumer = new ConsumerBuilder<string, string>(await ConfigAsync(broker, NewName("group"))).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        var message = consumer.Consume(Patience).Message;
        Assert.Equal(("k", "v", sent.Timestamp), (message.Key, message.Value, message.Timestamp));
        Assert.Equal([1, 2], message.Headers.GetLastBytes("h"));
    }

    [RequiresFact(Prerequisite.Node)]
    public async Task Kafkajs_produces_consumes_as_a_group_and_commits()
    {
        var topic = await CreateTopicAsync(BrokerKind.Embedded);
        Assert.Equal("200 200", await KafkaJs.RunAsync("produce-and-consume.js", await BootstrapAsync(BrokerKind.Embedded), topic, NewName("group"), "200"));
    }

    /// <summary>Below 2.1 librdkafka lacks what the managed client calls for each record; kcat consumes there.</summary>
    static bool CanConsume => Library.Version >= 0x02010000;

    async Task<IConsumer<Ignore, string>> JoinAsync(BrokerKind broker, string group, string topic)
    {
        var consumer = await ConsumerAsync(broker, group);
        consumer.Subscribe(topic);
        return consumer;
    }

    async Task<IConsumer<Ignore, string>> ConsumerAsync(BrokerKind broker, string group) =>
        new ConsumerBuilder<Ignore, string>(await ConfigAsync(broker, group)).Build();

    async Task<ConsumerConfig> ConfigAsync(BrokerKind broker, string group) => new()
    {
        BootstrapServers = await BootstrapAsync(broker),
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        SessionTimeoutMs = 10_000,
        // A new topic may be unknown for a moment yet, and the client would not ask again for five minutes.
        TopicMetadataRefreshIntervalMs = 500,
    };

    static IConsumer<Ignore, string> Poll(IConsumer<Ignore, string> consumer)
    {
        consumer.Consume(TimeSpan.FromMilliseconds(20));
        return consumer;
    }

    static bool HoldsAll(IConsumer<Ignore, string> consumer, string topic) =>
        consumer.Assignment.Count == 3 && consumer.Assignment.All(p => p.Topic == topic);
}
