using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests;

/// <summary>Writes records as a foreign producer would.</summary>
static class TestTopic
{
    /// <summary>Returns when all are acknowledged; they lie in the partition in the order given.</summary>
    /// <param name="first">The first one's timestamp, the others follow by a millisecond; null: now.</param>
    public static void Produce(
        StandEndpoints endpoints, string topic, int partition, IEnumerable<byte[]?> values, DateTimeOffset? first = null)
    {
        using var producer = new ProducerBuilder<Null, byte[]?>(KafkaClientProperties.For(endpoints)).SetValueSerializer(new MayBeNull()).Build();
        var time = first;
        foreach (var value in values)
        {
            var timestamp = time is { } dated ? new Timestamp(dated) : Timestamp.Default;
            producer.Produce(new TopicPartition(topic, partition), new Message<Null, byte[]?> { Value = value, Timestamp = timestamp });
            time = time?.AddMilliseconds(1);
        }
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(30)));
    }

    public static void Produce(
        StandEndpoints endpoints, string topic, int partition, IEnumerable<string> values, DateTimeOffset? first = null) =>
        Produce(endpoints, topic, partition, values.Select(value => (byte[]?)System.Text.Encoding.UTF8.GetBytes(value)), first);

    /// <summary>Deletes the topic and makes it anew, empty.</summary>
    public static async Task RemakeAsync(StandEndpoints endpoints, string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(endpoints))).Build();
        await admin.DeleteTopicsAsync([topic]);
        await Eventually.Holds(async () =>
        {
            try
            {
                await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
                return true;
            }
            catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                return false;
            }
        }, "the topic is made anew");
    }

    sealed class MayBeNull : ISerializer<byte[]?>
    {
        public byte[] Serialize(byte[]? data, SerializationContext context) => data!;
    }
}
