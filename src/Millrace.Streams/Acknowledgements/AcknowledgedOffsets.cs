using System.Collections.Concurrent;
using Confluent.Kafka;
using Millrace.Streams.Audit;

namespace Millrace.Streams.Acknowledgements;

/// <summary>
/// Every offset that Kafka has acknowledged to a producer, by partition. What is held grows with the gaps between them, as other
/// producers make some, and not with their number. Any thread may call.
/// </summary>
public sealed class AcknowledgedOffsets
{
    readonly ConcurrentDictionary<(string Topic, int Partition), PartitionRanges> _partitions = new();
    long _withoutOffset;

    /// <summary>
    /// Records that Kafka has, but does not say where: a batch that was sent again and that it knew already, or acks 0. Nobody can look
    /// them up.
    /// </summary>
    public long WithoutOffset => Volatile.Read(ref _withoutOffset);

    /// <param name="offset">Below 0: Kafka did not say.</param>
    public void Add(string topic, int partition, long offset)
    {
        if (offset < 0) Interlocked.Increment(ref _withoutOffset);
        else _partitions.GetOrAdd((topic, partition), static _ => new PartitionRanges()).Add(offset);
    }

    /// <returns>As it is now, in the order of topics and partitions.</returns>
    public IReadOnlyList<AcknowledgedPartition> Snapshot() =>
    [
        .. _partitions.OrderBy(entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Key.Partition)
            .Select(entry => entry.Value.Snapshot(new TopicPartition(entry.Key.Topic, entry.Key.Partition))),
    ];

    sealed class PartitionRanges
    {
        readonly Lock _lock = new();

        /// <summary>In order, none next to another: acknowledgements come in order but for batches that are sent again.</summary>
        readonly List<OffsetRange> _ranges = [];

        readonly List<long> _twice = [];

        public void Add(long offset)
        {
            lock (_lock)
            {
                var after = _ranges.Count;
                while (after > 0 && _ranges[after - 1].From > offset) after--;
                if (after > 0 && offset < _ranges[after - 1].To) _twice.Add(offset);
                else Insert(after, offset);
            }
        }

        public AcknowledgedPartition Snapshot(TopicPartition partition)
        {
            lock (_lock) return new AcknowledgedPartition(partition, [.. _ranges], [.. _twice]);
        }

        void Insert(int at, long offset)
        {
            var joinsBefore = at > 0 && _ranges[at - 1].To == offset;
            var joinsAfter = at < _ranges.Count && _ranges[at].From == offset + 1;
            if (joinsBefore && joinsAfter)
            {
                _ranges[at - 1] = _ranges[at - 1] with { To = _ranges[at].To };
                _ranges.RemoveAt(at);
            }
            else if (joinsBefore) _ranges[at - 1] = _ranges[at - 1] with { To = offset + 1 };
            else if (joinsAfter) _ranges[at] = _ranges[at] with { From = offset };
            else _ranges.Insert(at, new OffsetRange(offset, offset + 1));
        }
    }
}

/// <summary>What was acknowledged of one partition. Immutable.</summary>
/// <param name="Ranges">In order, none next to another.</param>
/// <param name="Twice">
/// Offsets that two records were given: the broker forgot the first, which it had acknowledged. Each as often as it came again.
/// </param>
public sealed record AcknowledgedPartition(TopicPartition Partition, IReadOnlyList<OffsetRange> Ranges, IReadOnlyList<long> Twice)
{
    /// <summary>Records, those whose offset another one was given as well.</summary>
    public long Records => Ranges.Sum(range => range.Count) + Twice.Count;

    /// <summary>Behind the last acknowledged record.</summary>
    public long End => Ranges[^1].To;
}
