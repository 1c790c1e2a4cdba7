using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;
using Millrace.Testing;

namespace Millrace.Conformance.Verbs;

public sealed class Topics(KafkaBrokers brokers) : ConformanceTests(brokers)
{
    [Theory, EveryBroker]
    public async Task A_topic_is_created_extended_and_deleted(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 2);
        using var admin = await AdminAsync(broker);
        await admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 5 }]);
        await Eventually.Holds(() => Partitions(admin, topic) == 5, "it has five partitions");
        await admin.DeleteTopicsAsync([topic]);
        await Eventually.Holds(() => admin.GetMetadata(Patience).Topics.All(found => found.Topic != topic), "it is gone");
    }

    [Theory, EveryBroker]
    public async Task What_can_t_be_created_is_told_why(BrokerKind broker)
    {
        var existing = await CreateTopicAsync(broker);
        using var admin = await AdminAsync(broker);
        Assert.Equal(ErrorCode.TopicAlreadyExists, await RefusalAsync(admin, new() { Name = existing }));
        Assert.Equal(ErrorCode.TopicException, await RefusalAsync(admin, new() { Name = "no/slashes" }));
        Assert.Equal(ErrorCode.InvalidPartitions, await RefusalAsync(admin, new() { Name = NewName("t"), NumPartitions = 0 }));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await RefusalAsync(admin, new() { Name = NewName("t"), ReplicationFactor = 3 }));
        Assert.Equal(ErrorCode.InvalidConfig, await RefusalAsync(admin, new() { Name = NewName("t"), Configs = new() { ["retention.ms"] = "soon" } }));
        Assert.Equal(ErrorCode.InvalidConfig, await RefusalAsync(admin, new() { Name = NewName("t"), Configs = new() { ["no.such.config"] = "1" } }));
        Assert.Equal(ErrorCode.InvalidConfig, await RefusalAsync(admin, new() { Name = NewName("t"), Configs = new() { ["segment.bytes"] = "1048575" } }));
    }

    [Theory, EveryBroker]
    public async Task Deleting_what_is_not_there_is_an_error(BrokerKind broker)
    {
        using var admin = await AdminAsync(broker);
        var failure = await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync([NewName("t")]));
        Assert.Equal(ErrorCode.UnknownTopicOrPart, failure.Results.Single().Error.Code);
    }

    [Theory, EveryBroker]
    public async Task Fewer_partitions_are_refused(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 2);
        using var admin = await AdminAsync(broker);
        var failure = await Assert.ThrowsAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 1 }]));
        Assert.Equal(ErrorCode.InvalidPartitions, failure.Results.Single().Error.Code);
    }

    [Theory, EveryBroker]
    public async Task Configs_tell_what_was_set_and_what_is_default(BrokerKind broker)
    {
        var topic = NewName("t");
        using var admin = await AdminAsync(broker);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, Configs = new() { ["retention.ms"] = "60000" } }]);
        var described = await Eventually.Gives(
            () => admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }]), results => results.Count == 1, "the topic is known");
        var configs = described.Single().Entries;
        Assert.Equal(("60000", ConfigSource.DynamicTopicConfig), (configs["retention.ms"].Value, configs["retention.ms"].Source));
        Assert.Equal(("delete", true), (configs["cleanup.policy"].Value, configs["cleanup.policy"].IsDefault));
        Assert.Equal("1048588", configs["max.message.bytes"].Value);
    }

    [Theory, EveryBroker]
    public async Task Configs_are_set_and_deleted_one_by_one(BrokerKind broker)
    {
        var topic = NewName("t");
        using var admin = await AdminAsync(broker);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, Configs = new() { ["retention.ms"] = "60000", ["segment.ms"] = "50000" } }]);
        await AlterAsync(admin, topic, ("retention.ms", AlterConfigOpType.Set, "70000"), ("max.message.bytes", AlterConfigOpType.Set, "2000"));
        Assert.Equal(("70000", "50000", "2000"), await ConfigsAsync(admin, topic, "2000"));
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = await BootstrapAsync(broker) }).Build())
        {
            var refused = await Assert.ThrowsAsync<ProduceException<Null, byte[]>>(() => producer.ProduceAsync(topic, new() { Value = new byte[3000] }));
            Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        }
        await AlterAsync(admin, topic, ("max.message.bytes", AlterConfigOpType.Delete, null), ("cleanup.policy", AlterConfigOpType.Append, "delete"));
        Assert.Equal(("70000", "50000", "1048588"), await ConfigsAsync(admin, topic, "1048588"));
        Assert.Equal(ErrorCode.InvalidConfig, await RefusedAsync(admin, topic, ("retention.ms", AlterConfigOpType.Set, "soon")));
        Assert.Equal(ErrorCode.InvalidConfig, await RefusedAsync(admin, topic, ("no.such.config", AlterConfigOpType.Set, "1")));
        Assert.Equal(ErrorCode.InvalidConfig, await RefusedAsync(admin, topic, ("retention.ms", AlterConfigOpType.Append, "1")));
        Assert.Equal(ErrorCode.UnknownTopicOrPart, await RefusedAsync(admin, NewName("t"), ("retention.ms", AlterConfigOpType.Set, "1")));
        Assert.Equal(("70000", "50000", "1048588"), await ConfigsAsync(admin, topic, "1048588"));
    }

    static Task AlterAsync(IAdminClient admin, string topic, params (string Name, AlterConfigOpType Operation, string? Value)[] changes) =>
        admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new() { Type = ResourceType.Topic, Name = topic }] =
                [.. changes.Select(change => new ConfigEntry { Name = change.Name, IncrementalOperation = change.Operation, Value = change.Value })],
        });

    static async Task<ErrorCode> RefusedAsync(IAdminClient admin, string topic, (string Name, AlterConfigOpType Operation, string? Value) change) =>
        (await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => AlterAsync(admin, topic, change))).Results.Single().Error.Code;

    /// <summary>Retention and age of segments, once the largest batch is as wanted.</summary>
    static async Task<(string Retention, string Segment, string Largest)> ConfigsAsync(IAdminClient admin, string topic, string largest)
    {
        var described = await Eventually.Gives(
            () => admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }]),
            results => results.Single().Entries["max.message.bytes"].Value == largest, "the configs count");
        var configs = described.Single().Entries;
        return (configs["retention.ms"].Value, configs["segment.ms"].Value, configs["max.message.bytes"].Value);
    }

    [Theory, EveryBroker]
    public async Task Metadata_names_one_broker_and_does_not_create_a_topic_for_kcat_to_list(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 2);
        using var metadata = JsonDocument.Parse(await Kcat.MetadataAsync(await BootstrapAsync(broker)));
        Assert.Equal(1, metadata.RootElement.GetProperty("brokers").GetArrayLength());
        var found = metadata.RootElement.GetProperty("topics").EnumerateArray().Single(each => each.GetProperty("topic").GetString() == topic);
        Assert.Equal(2, found.GetProperty("partitions").GetArrayLength());
    }

    [Theory, EveryBroker]
    public async Task The_cluster_has_one_broker_which_is_its_controller(BrokerKind broker)
    {
        using var admin = await AdminAsync(broker);
        var cluster = await admin.DescribeClusterAsync(new() { RequestTimeout = Patience });
        Assert.Equal(cluster.Controller.Id, Assert.Single(cluster.Nodes).Id);
        Assert.NotEmpty(cluster.ClusterId);
    }

    [RequiresFact(Prerequisite.Node)]
    public async Task Kafkajs_administers_topics() => Assert.Equal(
        """{"created":true,"again":false,"retention":"60000","partitions":3,"brokers":1}""",
        await NodeClients.RunAsync("administer-kafkajs.js", await BootstrapAsync(BrokerKind.Embedded), NewName("t")));

    [RequiresFact(Prerequisite.Node20)]
    public async Task Platformatic_kafka_administers_topics() => Assert.Equal(
        """{"created":2,"again":"TOPIC_ALREADY_EXISTS","retention":"60000","partitions":3,"latest":3,"earliest":2,"listed":false}""",
        await NodeClients.RunAsync("administer-platformatic.js", await BootstrapAsync(BrokerKind.Embedded), NewName("t")));

    static int Partitions(IAdminClient admin, string topic) => admin.GetMetadata(topic, Patience).Topics.Single().Partitions.Count;

    static async Task<ErrorCode> RefusalAsync(IAdminClient admin, TopicSpecification topic)
    {
        var failure = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]));
        return failure.Results.Single().Error.Code;
    }
}
