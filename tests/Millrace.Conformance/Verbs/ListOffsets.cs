using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;

namespace Millrace.Conformance.Verbs;

public sealed class ListOffsets(KafkaBrokers brokers) : ConformanceTests(brokers)
{
    // Of this minute: records older than retention.ms may go at any moment.
    static readonly long FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;

    [Theory, EveryBroker]
    public async Task The_ends_the_latest_timestamp_and_timestamps_between_are_found(BrokerKind broker)
    {
        var topic = await TopicWithTimestampsAsync(broker, count: 10);
        using var admin = await AdminAsync(broker);
        Assert.Equal(0, await FindAsync(admin, topic, OffsetSpec.Earliest()));
        Assert.Equal(10, await FindAsync(admin, topic, OffsetSpec.Latest()));
        Assert.Equal(9, await FindAsync(admin, topic, OffsetSpec.MaxTimestamp()));
        Assert.Equal(0, await FindAsync(admin, topic, OffsetSpec.ForTimestamp(0)));
        Assert.Equal(4, await FindAsync(admin, topic, OffsetSpec.ForTimestamp(FirstTimestamp + 4000)));
        Assert.Equal(5, await FindAsync(admin, topic, OffsetSpec.ForTimestamp(FirstTimestamp + 4001)));
        Assert.Equal(-1, await FindAsync(admin, topic, OffsetSpec.ForTimestamp(FirstTimestamp + 9001)));
    }

    [Theory, EveryBroker]
    public async Task An_empty_partition_begins_and_ends_at_0(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 1);
        using var admin = await AdminAsync(broker);
        Assert.Equal(0, await FindAsync(admin, topic, OffsetSpec.Earliest()));
        Assert.Equal(0, await FindAsync(admin, topic, OffsetSpec.Latest()));
        Assert.Equal(-1, await FindAsync(admin, topic, OffsetSpec.MaxTimestamp()));
    }

    [Theory, EveryBroker]
    public async Task Deleted_records_move_the_beginning(BrokerKind broker)
    {
        var topic = await TopicWithTimestampsAsync(broker, count: 10);
        using var admin = await AdminAsync(broker);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 4)]);
        Assert.Equal(4, await FindAsync(admin, topic, OffsetSpec.Earliest()));
        Assert.Equal(4, await FindAsync(admin, topic, OffsetSpec.ForTimestamp(0)));
        Assert.Equal(6, (await Kcat.ConsumeAsync(await BootstrapAsync(broker), topic)).Length);
    }

    [Theory, EveryBroker]
    public async Task Kcat_finds_an_offset_by_timestamp(BrokerKind broker)
    {
        var topic = await TopicWithTimestampsAsync(broker, count: 3);
        Assert.Equal($"{topic} [0] offset 1", await Kcat.QueryAsync(await BootstrapAsync(broker), topic, 0, FirstTimestamp + 1));
    }

    /// <summary>One partition, one record a second.</summary>
    async Task<string> TopicWithTimestampsAsync(BrokerKind broker, int count)
    {
        var topic = await CreateTopicAsync(broker, partitions: 1);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = await BootstrapAsync(broker) }).Build();
        for (var i = 0; i < count; i++)
        {
            var timestamp = new Timestamp(FirstTimestamp + i * 1000, TimestampType.CreateTime);
            await producer.ProduceAsync(topic, new() { Value = $"{i}", Timestamp = timestamp }).WaitAsync(Patience);
        }
        return topic;
    }

    static async Task<long> FindAsync(IAdminClient admin, string topic, OffsetSpec spec)
    {
        var result = await admin.ListOffsetsAsync([new() { TopicPartition = new(topic, 0), OffsetSpec = spec }], new() { RequestTimeout = Patience });
        return result.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value;
    }
}
