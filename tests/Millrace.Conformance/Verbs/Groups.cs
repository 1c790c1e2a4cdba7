using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;

namespace Millrace.Conformance.Verbs;

public sealed class Groups(KafkaBrokers brokers) : ConformanceTests(brokers)
{
    [Theory, EveryBroker]
    public async Task A_group_is_listed_described_and_deleted(BrokerKind broker)
    {
        var (topic, group) = (await CreateTopicAsync(broker), NewName("group"));
        await ProduceAsync(broker, topic, ["a", "b", "c"]);
        await Kcat.ConsumeAsGroupAsync(await BootstrapAsync(broker), group, topic, 3);
        using var admin = await AdminAsync(broker);
        Assert.Contains((await admin.ListConsumerGroupsAsync()).Valid, listed => listed.GroupId == group);
        var described = (await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions.Single();
        Assert.Equal((ConsumerGroupState.Empty, 0), (described.State, described.Members.Count));
        await admin.DeleteGroupsAsync([group]);
        Assert.DoesNotContain((await admin.ListConsumerGroupsAsync()).Valid, listed => listed.GroupId == group);
    }

    [Theory, EveryBroker]
    public async Task Offsets_of_an_empty_group_are_set_read_and_followed(BrokerKind broker)
    {
        var (topic, group) = (await CreateTopicAsync(broker, partitions: 1), NewName("group"));
        await ProduceAsync(broker, topic, ["a"]);
        await ProduceAsync(broker, topic, ["b"]);
        using var admin = await AdminAsync(broker);
        await admin.AlterConsumerGroupOffsetsAsync([new(group, [new TopicPartitionOffset(topic, 0, 1)])]);
        var listed = await admin.ListConsumerGroupOffsetsAsync([new(group, [new(topic, 0)])]);
        Assert.Equal(1, listed.Single().Partitions.Single().Offset.Value);
        Assert.Equal(["b"], await Kcat.ConsumeAsGroupAsync(await BootstrapAsync(broker), group, topic, 1));
    }
}
