using Confluent.Kafka;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>How far a topic and ClickHouse's group in it are, summed over the partitions. Immutable.</summary>
sealed record TopicProgress(long LogEndOffset, long CommittedOffset, long Lag);

/// <summary>Asks Kafka for the progress of all topics in three requests, now and then in a fourth for their partitions. Owns its clients; for one thread.</summary>
sealed class TopicProgressReader(StandEndpoints endpoints, StreamCatalog catalog, TimeProvider time) : IDisposable
{
    /// <summary>A live view would rather say soon that Kafka is away than wait for it.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    /// <summary>topic.metadata.refresh.interval.ms of the queue tables: a topic's new partitions are shown when they are read.</summary>
    static readonly TimeSpan PartitionsAge = TimeSpan.FromSeconds(5);

    readonly HashSet<string> _topics = [.. catalog.Streams.Select(stream => stream.Topic)];
    readonly KafkaAdmin _admin = new(endpoints, AnswerLimit);
    OffsetReader _offsets = NewReader(endpoints);
    IReadOnlyList<TopicPartition> _partitions = [];
    long _listedAt; // a timestamp of the clock

    /// <returns>By topic; a topic that does not exist is not in it.</returns>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public IReadOnlyDictionary<string, TopicProgress> Read()
    {
        ListPartitions();
        var committed = _offsets.CommittedOffsets(_partitions);
        var starts = _offsets.LogStartOffsets(_partitions);
        var ends = _offsets.LogEndOffsets(_partitions);
        return _partitions.GroupBy(partition => partition.Topic).ToDictionary(topic => topic.Key, topic => new TopicProgress(
            topic.Sum(partition => ends[partition]),
            topic.Sum(partition => committed.GetValueOrDefault(partition)),
            topic.Sum(partition => ConsumerLag.Of(committed.TryGetValue(partition, out var offset) ? offset : null, starts[partition], ends[partition]))));
    }

    /// <summary>Looks for the partitions anew the next time: topics may have been deleted.</summary>
    public void Forget() => _partitions = [];

    public void Dispose()
    {
        _offsets.Dispose();
        _admin.Dispose();
    }

    /// <summary>At once while a topic is missing, otherwise now and then: a topic may get more partitions.</summary>
    void ListPartitions()
    {
        var isComplete = _partitions.Select(partition => partition.Topic).Distinct().Count() == _topics.Count;
        if (isComplete && time.GetElapsedTime(_listedAt) < PartitionsAge) return;
        var listed = _admin.PartitionsOf(_topics);
        // librdkafka answers for a partition it has not heard of only after topic.metadata.refresh.interval.ms, five minutes: a new client asks at once.
        if (isComplete && listed.Count != _partitions.Count)
        {
            _offsets.Dispose();
            _offsets = NewReader(endpoints);
        }
        _partitions = listed;
        _listedAt = time.GetTimestamp();
    }

    static OffsetReader NewReader(StandEndpoints endpoints) => new(endpoints, endpoints.Identity.Group, AnswerLimit);
}
