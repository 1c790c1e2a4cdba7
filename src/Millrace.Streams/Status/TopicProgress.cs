using Confluent.Kafka;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>How far a topic and ClickHouse's group in it are, summed over the partitions that are not in trouble. Immutable.</summary>
/// <param name="Trouble">Which partitions are, and why; null when all is well.</param>
sealed record TopicProgress(long LogEndOffset, long CommittedOffset, long Lag, string? Trouble = null);

/// <summary>Asks Kafka for the progress of all topics, now and then for their partitions too. One read at a time.</summary>
sealed class TopicProgressReader(KafkaAdmin kafka, string group, StreamCatalog catalog, TimeProvider time)
{
    /// <summary>topic.metadata.refresh.interval.ms of the queue tables: a topic's new partitions are shown when they are read.</summary>
    static readonly TimeSpan PartitionsAge = TimeSpan.FromSeconds(5);

    readonly HashSet<string> _topics = [.. catalog.Streams.Select(stream => stream.Topic)];
    PartitionStates _partitions = PartitionStates.None;
    long _listedAt; // a timestamp of the clock

    /// <returns>By topic; a topic that does not exist is not in it.</returns>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public async Task<IReadOnlyDictionary<string, TopicProgress>> ReadAsync(CancellationToken cancellation)
    {
        await ListPartitionsAsync(cancellation).ConfigureAwait(false);
        var committed = await kafka.Offsets.CommittedAsync(group, _partitions.All).ConfigureAwait(false);
        var (starts, ends) = await kafka.Offsets.FindBoundsAsync(_partitions).ConfigureAwait(false);
        return _partitions.All
            .GroupBy(partition => partition.Topic)
            .ToDictionary(topic => topic.Key, topic => Sum(topic.Key, topic, committed, starts, ends));
    }

    static TopicProgress Sum(
        string topic, IEnumerable<TopicPartition> partitions,
        IReadOnlyDictionary<TopicPartition, long> committed, KnownOffsets starts, KnownOffsets ends)
    {
        var known = partitions.Where(partition => starts.Of(partition) is not null && ends.Of(partition) is not null).ToList();
        var others = partitions.Except(known).ToList();
        return new TopicProgress(
            known.Sum(partition => ends.Offsets[partition]),
            known.Sum(partition => committed.GetValueOrDefault(partition)),
            known.Sum(partition => ConsumerLag.Of(
                committed.TryGetValue(partition, out var offset) ? offset : null,
                starts.Offsets[partition],
                ends.Offsets[partition])),
            others is []
                ? null
                : $"{topic}, {PartitionList.Of(others.Select(partition => partition.Partition.Value))}: "
                    + $"{starts.ErrorOf(others[0]) ?? ends.ErrorOf(others[0])}");
    }

    /// <summary>Looks for the partitions anew the next time: topics may have been deleted.</summary>
    public void Forget() => _partitions = PartitionStates.None;

    /// <summary>At once while a topic is missing or a partition offline, otherwise now and then: a topic may get more partitions.</summary>
    async Task ListPartitionsAsync(CancellationToken cancellation)
    {
        var found = _partitions.All.Select(partition => partition.Topic).Distinct().Count();
        var isComplete = _partitions.Offline.Count == 0 && found == _topics.Count;
        if (isComplete && time.GetElapsedTime(_listedAt) < PartitionsAge) return;
        _partitions = await kafka.StatesOfAsync(_topics, cancellation).ConfigureAwait(false);
        _listedAt = time.GetTimestamp();
    }
}
