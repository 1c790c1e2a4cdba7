using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Replay;

/// <summary>
/// Reads the records of ranges of offsets, as ClickHouse's consumer would see them: committed ones only. For one thread; joins no group.
/// </summary>
sealed class RangeReader : IDisposable
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(200);

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
        _consumer.Assign(new TopicPartitionOffset(_topic, partition, range.From));
        var next = range.From;
        while (next < range.To && Next(partition, cancellation) is { } record && record.Offset < range.To)
        {
            // Its offset is gone, and the client began at the start of what there is.
            if (record.Offset < next)
                throw new ReplayRefusedException($"{_topic} was made anew while it was read: see  audit  for what is stored of it");
            next = record.Offset + 1;
            yield return record;
        }
    }

    public void Dispose() => _consumer.Dispose();

    /// <summary>null at the end of the partition.</summary>
    ConsumeResult<byte[]?, byte[]?>? Next(int partition, CancellationToken cancellation)
    {
        try
        {
            for (var waited = TimeSpan.Zero; waited < KafkaClientProperties.AnswerLimit; waited += PollLimit)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_consumer.Consume(PollLimit) is { } result) return result.IsPartitionEOF ? null : result;
            }
        }
        catch (ConsumeException e)
        {
            var request = string.Create(CultureInfo.InvariantCulture, $"Fetch of {_topic}[{partition}]");
            throw KafkaUnavailableException.Refused(_bootstrap, request, e.Error.Reason, e);
        }
        throw _trouble.ToException(_bootstrap, KafkaClientProperties.AnswerLimit);
    }
}
