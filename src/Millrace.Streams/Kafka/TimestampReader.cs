using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Reads the timestamps of single records, many partitions at once, as ClickHouse's consumer would see them.
/// For one thread; joins no group.
/// </summary>
sealed class TimestampReader : IDisposable
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(200);

    readonly string _bootstrap;
    readonly ClientTrouble _trouble = new();
    readonly IConsumer<Ignore, Ignore> _consumer;

    /// <param name="groupId">The client asks for a group's coordinator, joined or not: one that the user may look at.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public TimestampReader(StandEndpoints endpoints, string groupId)
    {
        _bootstrap = endpoints.Kafka;
        var properties = new ConsumerConfig
        {
            // One record is wanted of each partition, and what comes with it is decoded for nothing. For a batch that is larger librdkafka
            // asks again with twice as much (rd_kafka_msgset_reader_run of its rdkafka_msgset_reader.c).
            MaxPartitionFetchBytes = 8 * 1024,
            QueuedMinMessages = 1,
            // What waits for this client counts for all its partitions together: the others would rest for a second.
            FetchQueueBackoffMs = 5,
            AutoOffsetReset = AutoOffsetReset.Error,
            ConsumeResultFields = "timestamp,topic",
        };
        _consumer = KafkaPropertyException.Guard(RecordClient.For<Ignore, Ignore>(endpoints, groupId, _trouble, properties).Build);
    }

    /// <returns>
    /// Unix milliseconds, 0 for a record without a timestamp, by the place asked for; without those where no record is, or a partition that
    /// can't be read.
    /// </returns>
    /// <exception cref="KafkaUnavailableException">Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>.</exception>
    public IReadOnlyDictionary<TopicPartitionOffset, long> Read(IEnumerable<TopicPartitionOffset> places)
    {
        var found = new Dictionary<TopicPartitionOffset, long>();
        // A client reads a partition at one place at a time.
        var rounds = places.Distinct()
            .GroupBy(place => place.TopicPartition)
            .SelectMany(Numbered)
            .GroupBy(place => place.Round, place => place.Place);
        foreach (var round in rounds)
            ReadRound([.. round], found);
        return found;
    }

    public void Dispose() => _consumer.Dispose();

    static IEnumerable<(int Round, TopicPartitionOffset Place)> Numbered(IEnumerable<TopicPartitionOffset> places) =>
        places.Select((place, index) => (index, place));

    void ReadRound(IReadOnlyList<TopicPartitionOffset> places, Dictionary<TopicPartitionOffset, long> found)
    {
        _consumer.Assign(places);
        try
        {
            var open = places.ToDictionary(place => place.TopicPartition);
            for (var waited = TimeSpan.Zero; open.Count > 0 && waited < KafkaClientProperties.AnswerLimit;)
            {
                if (Next() is not var (partition, offset, timestamp)) waited += PollLimit;
                else if (open.Remove(partition, out var place) && offset == place.Offset) found[place] = timestamp;
            }
            if (open.Count == places.Count) throw _trouble.ToException(_bootstrap, KafkaClientProperties.AnswerLimit);
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    /// <returns>
    /// The next record of any partition, or that one has none, with a negative offset; null when nothing came for a while.
    /// </returns>
    (TopicPartition Partition, long Offset, long Timestamp)? Next()
    {
        try
        {
            if (_consumer.Consume(PollLimit) is not { } result) return null;
            if (result.IsPartitionEOF) return (result.TopicPartition, -1, 0);
            var timestamp = result.Message.Timestamp;
            return (result.TopicPartition, result.Offset, timestamp.Type == TimestampType.NotAvailable ? 0 : timestamp.UnixTimestampMs);
        }
        catch (ConsumeException e) when (e.ConsumerRecord?.TopicPartition is { Topic: not null } partition)
        {
            return (partition, -1, 0);
        }
        catch (ConsumeException)
        {
            return null;
        }
    }
}
