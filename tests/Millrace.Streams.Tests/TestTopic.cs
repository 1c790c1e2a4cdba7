using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests;

/// <summary>Writes records as a foreign producer would.</summary>
static class TestTopic
{
    /// <summary>Returns when all are acknowledged; they lie in the partition in the order given.</summary>
    public static void Produce(StandEndpoints endpoints, string topic, int partition, IEnumerable<byte[]?> values)
    {
        using var producer = new ProducerBuilder<Null, byte[]?>(KafkaClientProperties.For(endpoints)).SetValueSerializer(new MayBeNull()).Build();
        foreach (var value in values) producer.Produce(new TopicPartition(topic, partition), new Message<Null, byte[]?> { Value = value });
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(30)));
    }

    public static void Produce(StandEndpoints endpoints, string topic, int partition, IEnumerable<string> values) =>
        Produce(endpoints, topic, partition, values.Select(value => (byte[]?)System.Text.Encoding.UTF8.GetBytes(value)));

    sealed class MayBeNull : ISerializer<byte[]?>
    {
        public byte[] Serialize(byte[]? data, SerializationContext context) => data!;
    }
}
