using Confluent.Kafka;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>How far a topic and ClickHouse's group in it are, summed over the partitions. Immutable.</summary>
sealed record TopicProgress(long LogEndOffset, long CommittedOffset, long Lag);

/// <summary>Asks Kafka for the progress of all topics in three requests. Owns its clients; for one thread.</summary>
sealed class TopicProgressReader(StandEndpoints endpoints, StreamCatalog catalog) : IDisposable
{
    /// <summary>A live view would rather say soon that Kafka is away than wait for it.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    readonly HashSet<string> _topics = [.. catalog.Streams.Select(stream => stream.Topic)];
    readonly KafkaAdmin _admin = new(endpoints);
    readonly OffsetReader _offsets = new(endpoints, QueueTableSql.GroupName, AnswerLimit);
    IReadOnlyList<TopicPartition> _partitions = [];

    /// <returns>By topic; a topic that does not exist is not in it.</returns>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public IReadOnlyDictionary<string, TopicProgress> Read()
    {
        if (_partitions.Select(partition => partition.Topic).Distinct().Count() < _topics.Count) _partitions = _admin.PartitionsOf(_topics);
        var committed = _offsets.CommittedOffsets(_partitions);
        var starts = _offsets.LogStartOffsets(_partitions);
        var ends = _offsets.LogEndOffsets(_partitions);
        return _partitions.GroupBy(partition => partition.Topic).ToDictionary(topic => topic.Key, topic => new TopicProgress(
            topic.Sum(partition => ends[partition]),
            topic.Sum(partition => committed.GetValueOrDefault(partition)),
            topic.Sum(partition => Math.Max(0, ends[partition] - Math.Max(committed.GetValueOrDefault(partition), starts[partition])))));
    }

    /// <summary>Looks for the partitions anew the next time: topics may have been deleted or grown.</summary>
    public void Forget() => _partitions = [];

    public void Dispose()
    {
        _offsets.Dispose();
        _admin.Dispose();
    }
}
