using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>Commits for groups without members.</summary>
static class GroupOffsets
{
    public static void Commit(StandEndpoints endpoints, string group, TopicPartitionOffset offset)
    {
        var config = new ConsumerConfig(KafkaClientProperties.For(endpoints)) { GroupId = group, EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config).Build();
        try
        {
            consumer.Commit([offset]);
        }
        catch (EntryPointNotFoundException)
        {
            // librdkafka before 2.1 has committed by then; only the answer can't be read.
        }
    }
}
