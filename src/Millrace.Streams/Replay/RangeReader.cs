using Confluent.Kafka;
using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Replay;

/// <summary>
/// Reads the records of ranges of offsets, as ClickHouse's consumer would see them: committed ones only. For one thread; joins no group.
/// </summary>
sealed class RangeReader : IDisposable
{
    /// <summary>Bounds what is fetched ahead of the inserts, of librdkafka's own 64 MiB.</summary>
    const int FetchedAheadKbytes = 16 * 1024;

    readonly string _bootstrap;
    readonly string _topic;
    readonly ClientTrouble _trouble = new();
    readonly IConsumer<byte[]?, byte[]?> _consumer;

    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public RangeReader(StandEndpoints endpoints, string topic)
    {
        (_bootstrap, _topic) = (endpoints.Kafka, topic);
        var properties = new ConsumerConfig
        {
            AutoOffsetReset = AutoOffsetReset.Earliest,
            QueuedMaxMessagesKbytes = FetchedAheadKbytes,
        };
        // The client asks for a group's coordinator, joined or not: one that the user may look at.
        var builder = RecordClient.For<byte[]?, byte[]?>(endpoints, endpoints.Identity.Group, _trouble, properties);
        _consumer = KafkaPropertyException.Guard(builder.Build);
    }

    /// <summary>In order. An offset that is passed over holds no record for a consumer, or retention has taken it.</summary>
    /// <exception cref="KafkaUnavailableException">
    /// Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>, or Kafka refused.
    /// </exception>
    /// <exception cref="ReplayRefusedException">The topic was made anew meanwhile.</exception>
    public IEnumerable<ConsumeResult<byte[]?, byte[]?>> Read(int partition, OffsetRange range, CancellationToken cancellation)
    {
        var place = new TopicPartition(_topic, partition);
        _consumer.Assign(new TopicPartitionOffset(place, range.From));
        var next = range.From;
        while (next < range.To
            && RecordClient.Next(_consumer, place, _bootstrap, _trouble, cancellation) is { } record && record.Offset < range.To)
        {
            // Its offset is gone, and the client began at the start of what there is.
            if (record.Offset < next)
                throw new ReplayRefusedException($"{_topic} was made anew while it was read: see  audit  for what is stored of it");
            next = record.Offset + 1;
            yield return record;
        }
    }

    public void Dispose() => _consumer.Dispose();
}
