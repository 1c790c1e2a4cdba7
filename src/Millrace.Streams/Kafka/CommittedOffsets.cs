using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Asks what groups have committed, without joining them, through a consumer for each group: ListConsumerGroupOffsetsAsync of the admin
/// client, as every admin request to a coordinator, ends the process with an assertion where the connection breaks in its midst
/// (https://github.com/confluentinc/librdkafka/pull/5397). Owns its clients; safe from any thread.
/// </summary>
/// <param name="trouble">Told why they get nowhere.</param>
sealed class CommittedOffsets(StandEndpoints endpoints, ClientTrouble trouble) : IDisposable
{
    readonly ConcurrentDictionary<string, Lazy<IConsumer<Ignore, Ignore>>> _consumers = new();

    /// <summary>Blocks its thread. A partition that the group never committed has a negative offset.</summary>
    /// <exception cref="KafkaException">No answer in time, or an error for the group or one of the partitions.</exception>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public List<TopicPartitionOffset> Read(string groupId, IEnumerable<TopicPartition> partitions, TimeSpan limit) =>
        _consumers.GetOrAdd(groupId, id => new Lazy<IConsumer<Ignore, Ignore>>(() => Create(id))).Value.Committed(partitions, limit);

    public void Dispose()
    {
        foreach (var consumer in _consumers.Values.Where(consumer => consumer.IsValueCreated)) consumer.Value.Dispose();
    }

    IConsumer<Ignore, Ignore> Create(string groupId)
    {
        var properties = new ConsumerConfig(KafkaClientProperties.For(endpoints))
        {
            GroupId = groupId,
            EnableAutoCommit = false,
            // Of a transaction that is still open, the offsets of before it: read_committed would wait for its end.
            IsolationLevel = IsolationLevel.ReadUncommitted,
        };
        var builder = new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => trouble.Note(error));
        return KafkaPropertyException.Guard(builder.Build);
    }
}
