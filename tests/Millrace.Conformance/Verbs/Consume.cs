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
        using var second = await JoinAsync(broker, group, topic);
        await Eventually.Holds(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, "each member has two partitions");
        await second.StopAsync();
        await Eventually.Holds(() => first.Assignment.Count == 4, "the one that stayed has all four");
    }

    [Theory, EveryBroker]
    public async Task Members_of_one_group_may_subscribe_to_different_topics(BrokerKind broker)
    {
        // ClickHouse's three queue tables do: one group, one topic each.
        var group = NewName("group");
        var topics = new[] { await CreateTopicAsync(broker), await CreateTopicAsync(broker), await CreateTopicAsync(broker) };
        var members = new List<KcatMember>();
        foreach (var topic in topics) members.Add(await JoinAsync(broker, group, topic));
        try
        {
            await Eventually.Holds(
                () => members.Zip(topics).All(pair => HasThreePartitionsOf(pair.Second, pair.First)),
                "each member has the three partitions of its topic");
        }
        finally
        {
            foreach (var member in members) member.Dispose();
        }
    }

    [Theory, EveryBroker]
    public async Task A_record_produced_while_the_consumer_waits_arrives(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 1);
        var waiting = Kcat.NextAsync(await BootstrapAsync(broker), topic, "%s");
        await ProduceAsync(broker, topic, ["now"]);
        Assert.Equal("now", await waiting);
    }

    [Theory, EveryBroker]
    public async Task Keys_headers_and_timestamps_come_back(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 1);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = await BootstrapAsync(broker) }).Build();
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 1000;
        var sent = new Message<string, string>
        {
            Key = "k",
            Value = "v",
            Timestamp = new(timestamp, TimestampType.CreateTime),
            Headers = [new("h", "1"u8.ToArray())],
        };
        await producer.ProduceAsync(topic, sent).WaitAsync(Patience);
        Assert.Equal($"k v {timestamp} h=1", await Kcat.NextAsync(await BootstrapAsync(broker), topic, "%k %s %T %h"));
    }

    [RequiresFact(Prerequisite.Node)]
    public async Task Kafkajs_produces_consumes_as_a_group_and_commits()
    {
        var topic = await CreateTopicAsync(BrokerKind.Embedded);
        var bootstrap = await BootstrapAsync(BrokerKind.Embedded);
        Assert.Equal("200 200", await NodeClients.RunAsync("produce-and-consume-kafkajs.js", bootstrap, topic, NewName("group"), "200"));
    }

    [RequiresFact(Prerequisite.Node20)]
    public async Task Platformatic_kafka_produces_consumes_as_a_group_of_two_and_commits()
    {
        var topic = await CreateTopicAsync(BrokerKind.Embedded);
        var bootstrap = await BootstrapAsync(BrokerKind.Embedded);
        Assert.Equal(
            """{"values":200,"whole":true,"members":2,"state":"STABLE","committed":200}""",
            await NodeClients.RunAsync("produce-and-consume-platformatic.js", bootstrap, topic, NewName("group"), "200"));
    }

    async Task<KcatMember> JoinAsync(BrokerKind broker, string group, string topic) => new(await BootstrapAsync(broker), group, topic);

    static bool HasThreePartitionsOf(string topic, KcatMember member) =>
        member.Assignment.Count == 3 && member.Assignment.All(partition => partition.StartsWith(topic, StringComparison.Ordinal));
}
