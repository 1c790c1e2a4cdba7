using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Reads records at given offsets as ClickHouse's consumer would see them: committed ones only.
/// For one thread; joins no group.
/// </summary>
public sealed class RecordReader : IDisposable
{
    readonly string _bootstrap;
    readonly ClientTrouble _trouble = new();
    readonly IConsumer<Ignore, int> _consumer;

    /// <param name="groupId">The client asks for a group's coordinator, joined or not: one that the user may look at.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public RecordReader(StandEndpoints endpoints, string groupId)
    {
        _bootstrap = endpoints.Kafka;
        var properties = new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Earliest, ConsumeResultFields = "none" };
        var builder = RecordClient.For<Ignore, int>(endpoints, groupId, _trouble, properties).SetValueDeserializer(new LengthOnly());
        _consumer = KafkaPropertyException.Guard(builder.Build);
    }

    /// <summary>
    /// The records with offsets in [<paramref name="from"/>, <paramref name="to"/>), in order.
    /// An offset that is passed over holds no record for a consumer.
    /// </summary>
    /// <exception cref="KafkaUnavailableException">
    /// Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>, or Kafka refused.
    /// </exception>
    public IEnumerable<RecordSummary> Read(TopicPartition partition, long from, long to)
    {
        _consumer.Assign(new TopicPartitionOffset(partition, from));
        try
        {
            while (Next(partition) is { } record && record.Offset < to) yield return record;
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    public void Dispose() => _consumer.Dispose();

    RecordSummary? Next(TopicPartition partition) => RecordClient.Next(_consumer, partition, _bootstrap, _trouble) is { } result
        ? new RecordSummary(result.Offset, result.Message.Value)
        : null;

    sealed class LengthOnly : IDeserializer<int>
    {
        public int Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => data.Length;
    }
}
