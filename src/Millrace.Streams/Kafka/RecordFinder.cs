using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Finds the record at one offset, as ClickHouse's consumer would see it. Joins no group.</summary>
static class RecordFinder
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>Blocks its thread.</summary>
    /// <returns>null where the offset holds no record: a transaction marker, an aborted transaction, compaction.</returns>
    /// <exception cref="KafkaUnavailableException">
    /// Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>, or Kafka refused.
    /// </exception>
    public static Message<byte[]?, byte[]?>? Find(StandEndpoints endpoints, TopicPartitionOffset place)
    {
        var trouble = new ClientTrouble();
        var properties = new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Error };
        var builder = RecordClient.For<byte[]?, byte[]?>(endpoints, endpoints.Identity.Group, trouble, properties);
        using var consumer = KafkaPropertyException.Guard(builder.Build);
        consumer.Assign(place);
        try
        {
            for (var waited = TimeSpan.Zero; waited < KafkaClientProperties.AnswerLimit; waited += PollLimit)
                if (consumer.Consume(PollLimit) is { } result)
                    return !result.IsPartitionEOF && result.Offset == place.Offset ? result.Message : null;
        }
        catch (ConsumeException e)
        {
            throw KafkaUnavailableException.Refused(endpoints.Kafka, $"Fetch of {place}", e.Error.Reason, e);
        }
        throw trouble.ToException(endpoints.Kafka, KafkaClientProperties.AnswerLimit);
    }
}
