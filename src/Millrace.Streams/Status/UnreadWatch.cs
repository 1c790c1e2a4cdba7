using Confluent.Kafka;
using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>Looks now and then which partitions of the topics no member of ClickHouse's group reads. One look at a time.</summary>
sealed class UnreadWatch(KafkaAdmin kafka, string group, IReadOnlyCollection<string> topics, TimeProvider time)
{
    /// <summary>A look describes the group and lists the partitions.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    static readonly IReadOnlyDictionary<string, IReadOnlyList<int>> Nothing = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>Timestamps of the clock at which each was first seen without a reader, and has been since.</summary>
    Dictionary<TopicPartition, long> _since = [];

    IReadOnlyDictionary<string, IReadOnlyList<int>> _found = Nothing;
    long? _lookedAt; // a timestamp of the clock

    /// <param name="paused">Topics that nobody is to read: what was unread of them counts from their resumption.</param>
    /// <returns>
    /// By topic, what has had no reader for as long as a rebalance may take; what was found last while it is not yet time to look again,
    /// or nobody answers.
    /// </returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<int>>> LookAsync(
        IReadOnlySet<string> paused, CancellationToken cancellation)
    {
        if (_lookedAt is { } last && time.GetElapsedTime(last) < Pause) return Without(paused);
        _lookedAt = time.GetTimestamp();
        try
        {
            var unread = (await kafka.ReadersAsync(group, topics, cancellation).ConfigureAwait(false)).Unread
                .Where(partition => !paused.Contains(partition.Topic));
            _since = unread.ToDictionary(partition => partition, partition => _since.GetValueOrDefault(partition, _lookedAt.Value));
            _found = _since.Where(one => time.GetElapsedTime(one.Value) >= ReaderCheck.Limit).Select(one => one.Key)
                .GroupBy(partition => partition.Topic)
                .ToDictionary(topic => topic.Key, IReadOnlyList<int> (topic) => [.. topic.Select(one => one.Partition.Value).Order()]);
        }
        catch (KafkaUnavailableException)
        {
            // Why it does not answer is said by who asks it each second.
        }
        return Without(paused);
    }

    Dictionary<string, IReadOnlyList<int>> Without(IReadOnlySet<string> paused) =>
        _found.Where(topic => !paused.Contains(topic.Key)).ToDictionary();
}
