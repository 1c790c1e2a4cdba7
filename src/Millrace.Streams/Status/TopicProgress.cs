using Confluent.Kafka;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>How far a topic and ClickHouse's group in it are, summed over the partitions. Immutable.</summary>
sealed record TopicProgress(long LogEndOffset, long CommittedOffset, long Lag);

/// <summary>
/// Asks Kafka for the progress of all topics, now and then for their partitions too. Owns its client; one read at a time.
/// </summary>
sealed class TopicProgressReader(StandEndpoints endpoints, StreamCatalog catalog, TimeProvider time) : IDisposable
{
    /// <summary>A live view would rather say soon that Kafka is away than wait for it.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    /// <summary>topic.metadata.refresh.interval.ms of the queue tables: a topic's new partitions are shown when they are read.</summary>
    static readonly TimeSpan PartitionsAge = TimeSpan.FromSeconds(5);

    readonly HashSet<string> _topics = [.. catalog.Streams.Select(stream => stream.Topic)];
    readonly KafkaAdmin _kafka = new(endpoints, AnswerLimit);
    IReadOnlyList<TopicPartition> _partitions = [];
    long _listedAt; // a timestamp of the clock

    /// <returns>By topic; a topic that does not exist is not in it.</returns>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public async Task<IReadOnlyDictionary<string, TopicProgress>> ReadAsync(CancellationToken cancellation)
    {
        await ListPartitionsAsync(cancellation).ConfigureAwait(false);
        var committed = await _kafka.Offsets.CommittedAsync(endpoints.Identity.Group, _partitions).ConfigureAwait(false);
        var starts = await _kafka.Offsets.LogStartsAsync(_partitions).ConfigureAwait(false);
        var ends = await _kafka.Offsets.LogEndsAsync(_partitions).ConfigureAwait(false);
        return _partitions.GroupBy(partition => partition.Topic).ToDictionary(topic => topic.Key, topic => new TopicProgress(
            topic.Sum(partition => ends[partition]),
            topic.Sum(partition => committed.GetValueOrDefault(partition)),
            topic.Sum(partition => ConsumerLag.Of(committed.TryGetValue(partition, out var offset) ? offset : null, starts[partition], ends[partition]))));
    }

    /// <summary>Looks for the partitions anew the next time: topics may have been deleted.</summary>
    public void Forget() => _partitions = [];

    public void Dispose() => _kafka.Dispose();

    /// <summary>At once while a topic is missing, otherwise now and then: a topic may get more partitions.</summary>
    async Task ListPartitionsAsync(CancellationToken cancellation)
    {
        var isComplete = _partitions.Select(partition => partition.Topic).Distinct().Count() == _topics.Count;
        if (isComplete && time.GetElapsedTime(_listedAt) < PartitionsAge) return;
        _partitions = await _kafka.PartitionsOfAsync(_topics, cancellation).ConfigureAwait(false);
        _listedAt = time.GetTimestamp();
    }
}
