using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Reads single records, many partitions at once, as ClickHouse's consumer would see them. For one thread; joins no group.
/// </summary>
/// <typeparam name="TBytes">Of keys and values: what of them is decoded.</typeparam>
/// <typeparam name="TFound">What is wanted of a record.</typeparam>
abstract class PlaceReader<TBytes, TFound> : IDisposable
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(200);

    readonly string _bootstrap;
    readonly ClientTrouble _trouble = new();
    readonly IConsumer<TBytes, TBytes> _consumer;

    /// <param name="groupId">The client asks for a group's coordinator, joined or not: one that the user may look at.</param>
    /// <param name="fetchBytes">
    /// Of each partition at a time. One record is wanted of each, and what comes with it is decoded for nothing. For a batch that is larger
    /// librdkafka asks again with twice as much (rd_kafka_msgset_reader_run of its rdkafka_msgset_reader.c).
    /// </param>
    /// <param name="fields">Of a result that are filled: consume.result.fields of Confluent.Kafka.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    protected PlaceReader(StandEndpoints endpoints, string groupId, int fetchBytes, string fields)
    {
        _bootstrap = endpoints.Kafka;
        var properties = new ConsumerConfig
        {
            MaxPartitionFetchBytes = fetchBytes,
            QueuedMinMessages = 1,
            // What waits for this client counts for all its partitions together: the others would rest for a second.
            FetchQueueBackoffMs = 5,
            AutoOffsetReset = AutoOffsetReset.Error,
            ConsumeResultFields = fields,
        };
        _consumer = KafkaPropertyException.Guard(RecordClient.For<TBytes, TBytes>(endpoints, groupId, _trouble, properties).Build);
    }

    protected abstract TFound Found(ConsumeResult<TBytes, TBytes> result);

    /// <returns>By the place asked for; without those where no record is, or a partition that can't be read.</returns>
    /// <exception cref="KafkaUnavailableException">Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>.</exception>
    public IReadOnlyDictionary<TopicPartitionOffset, TFound> Read(IEnumerable<TopicPartitionOffset> places)
    {
        var found = new Dictionary<TopicPartitionOffset, TFound>();
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

    void ReadRound(IReadOnlyList<TopicPartitionOffset> places, Dictionary<TopicPartitionOffset, TFound> found)
    {
        _consumer.Assign(places);
        try
        {
            var open = places.ToDictionary(place => place.TopicPartition);
            for (var waited = TimeSpan.Zero; open.Count > 0 && waited < KafkaClientProperties.AnswerLimit;)
            {
                if (Next() is not var (partition, result)) waited += PollLimit;
                else if (open.Remove(partition, out var place) && result?.Offset == place.Offset) found[place] = Found(result);
            }
            if (open.Count == places.Count) throw _trouble.ToException(_bootstrap, KafkaClientProperties.AnswerLimit);
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    /// <returns>
    /// The next record of any partition, or null for that one that has none; null when nothing came for a while.
    /// </returns>
    (TopicPartition Partition, ConsumeResult<TBytes, TBytes>? Record)? Next()
    {
        try
        {
            if (_consumer.Consume(PollLimit) is not { } result) return null;
            return (result.TopicPartition, result.IsPartitionEOF ? null : result);
        }
        catch (ConsumeException e) when (e.ConsumerRecord?.TopicPartition is { Topic: not null } partition)
        {
            return (partition, null);
        }
        catch (ConsumeException)
        {
            return null;
        }
    }
}
