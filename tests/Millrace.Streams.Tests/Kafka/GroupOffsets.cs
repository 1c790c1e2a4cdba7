using Confluent.Kafka;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>Commits for groups without members.</summary>
static class GroupOffsets
{
    /// <summary>Tries again while the broker is still looking for the group's coordinator.</summary>
    public static async Task CommitAsync(StandEndpoints endpoints, string group, TopicPartitionOffset offset)
    {
        var config = new ConsumerConfig(KafkaClientProperties.For(endpoints)) { GroupId = group, EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config).Build();
        await Eventually.Holds(() => Commit(consumer, offset), "the group takes a commit");
    }

    static bool Commit(IConsumer<Ignore, Ignore> consumer, TopicPartitionOffset offset)
    {
        consumer.Commit([offset]);
        return true;
    }
}
