using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public class TimestampReaderTests(QuietBroker broker) : IClassFixture<QuietBroker>
{
    static readonly DateTimeOffset First = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>One partition a second would be too slow: what does not come within the limit of an answer is not compared.</summary>
    [Fact]
    public async Task The_first_and_the_last_record_of_many_partitions_are_all_found()
    {
        const int Partitions = 12, Records = 50;
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(broker.Endpoints))).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "wide", NumPartitions = Partitions, ReplicationFactor = 1 }]);
        for (var partition = 0; partition < Partitions; partition++)
            TestTopic.Produce(broker.Endpoints, "wide", partition, Enumerable.Repeat("x", Records), First.AddMinutes(partition));

        using var reader = new TimestampReader(broker.Endpoints, "nobody");
        var found = reader.Read(
            Enumerable.Range(0, Partitions).SelectMany(partition => new[] { Place(partition, 0), Place(partition, Records - 1) }));

        Assert.Equal(2 * Partitions, found.Count);
        foreach (var (place, time) in found)
            Assert.Equal(First.AddMinutes(place.Partition.Value).AddMilliseconds(place.Offset.Value).ToUnixTimeMilliseconds(), time);
    }

    static TopicPartitionOffset Place(int partition, long offset) => new("wide", partition, offset);
}
