using System.Globalization;
using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Makes the client that reads records at places it is told, as ClickHouse's consumer would see them, and joins no group.
/// </summary>
static class RecordClient
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(200);

    /// <param name="groupId">The client asks for a group's coordinator, joined or not: one that the user may look at.</param>
    /// <param name="trouble">Told why it gets nowhere.</param>
    /// <param name="properties">What the reader wants besides.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public static ConsumerBuilder<TKey, TValue> For<TKey, TValue>(
        StandEndpoints endpoints, string groupId, ClientTrouble trouble, ConsumerConfig properties)
    {
        var all = new ConsumerConfig(KafkaClientProperties.For(endpoints))
        {
            GroupId = groupId,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            FetchWaitMaxMs = 20,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        };
        foreach (var (name, value) in properties) all.Set(name, value);
        return new ConsumerBuilder<TKey, TValue>(all).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => trouble.Note(error));
    }

    /// <summary>The next record of the partition that the client is assigned.</summary>
    /// <param name="trouble">What <see cref="For"/> was given.</param>
    /// <returns>null at the end of the partition.</returns>
    /// <exception cref="KafkaUnavailableException">
    /// Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>, or Kafka refused.
    /// </exception>
    public static ConsumeResult<TKey, TValue>? Next<TKey, TValue>(
        IConsumer<TKey, TValue> consumer, TopicPartition partition, string bootstrap, ClientTrouble trouble,
        CancellationToken cancellation = default)
    {
        for (var waited = TimeSpan.Zero; waited < KafkaClientProperties.AnswerLimit; waited += PollLimit)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Poll(consumer, PollLimit, partition.Topic, bootstrap, partition.Partition) is { } result)
                return result.IsPartitionEOF ? null : result;
        }
        throw trouble.ToException(bootstrap, KafkaClientProperties.AnswerLimit);
    }

    /// <param name="partition">The one that is read; null for several.</param>
    /// <returns>null where nothing came in time.</returns>
    /// <exception cref="KafkaUnavailableException">Kafka refused.</exception>
    public static ConsumeResult<TKey, TValue>? Poll<TKey, TValue>(
        IConsumer<TKey, TValue> consumer, TimeSpan limit, string topic, string bootstrap, Partition? partition = null)
    {
        try
        {
            return consumer.Consume(limit);
        }
        catch (ConsumeException e)
        {
            var of = partition ?? e.ConsumerRecord?.Partition;
            var request = string.Create(CultureInfo.InvariantCulture, $"Fetch of {topic}[{of?.Value}]");
            throw KafkaUnavailableException.Refused(bootstrap, request, e.Error.Reason, e);
        }
    }
}
