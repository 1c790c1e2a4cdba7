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

    /// <summary>No record was acknowledged that Kafka gave an offset.</summary>
    public bool IsEmpty => _partitions.IsEmpty;

    /// <param name="offset">Below 0: Kafka did not say.</param>
    /// <param name="timestamp">The record's, in milliseconds since 1970.</param>
    public void Add(string topic, int partition, long offset, long timestamp)
    {
        if (offset < 0) Interlocked.Increment(ref _withoutOffset);
        else _partitions.GetOrAdd((topic, partition), static _ => new PartitionRanges()).Add(offset, timestamp);
    }

    /// <returns>As it is now, in the order of topics and partitions.</returns>
    public IReadOnlyList<AcknowledgedPartition> Snapshot() =>
    [
        .. _partitions.ToArray().OrderBy(entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Key.Partition)
            .Select(entry => entry.Value.Snapshot(new TopicPartition(entry.Key.Topic, entry.Key.Partition))),
    ];

    sealed class PartitionRanges
    {
        readonly Lock _lock = new();

        /// <summary>In order, none next to another: acknowledgements come in order but for batches that are sent again.</summary>
        readonly List<OffsetRange> _ranges = [];

        readonly List<long> _twice = [];

        readonly List<AcknowledgedRecord> _sample = [];

        long _seen;

        public void Add(long offset, long timestamp)
        {
            lock (_lock)
            {
                Sample(new AcknowledgedRecord(offset, timestamp));
                var after = _ranges.Count;
                while (after > 0 && _ranges[after - 1].From > offset) after--;
                if (after > 0 && offset < _ranges[after - 1].To) _twice.Add(offset);
                else Insert(after, offset);
            }
        }

        public AcknowledgedPartition Snapshot(TopicPartition partition)
        {
            lock (_lock) return new AcknowledgedPartition(partition, [.. _ranges], [.. _twice], [.. _sample]);
        }

        /// <summary>Each record is among them with the same chance, however many come (reservoir sampling, algorithm R).</summary>
        void Sample(AcknowledgedRecord record)
        {
            _seen++;
            if (_sample.Count < AcknowledgedPartition.LargestSample) _sample.Add(record);
            else if (Random.Shared.NextInt64(_seen) is var at && at < _sample.Count) _sample[(int)at] = record;
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
/// <param name="Sample">All records where they are few, else <see cref="LargestSample"/> of them.</param>
public sealed record AcknowledgedPartition(
    TopicPartition Partition, IReadOnlyList<OffsetRange> Ranges, IReadOnlyList<long> Twice, IReadOnlyList<AcknowledgedRecord> Sample)
{
    /// <summary>What one query can ask for: max_query_size is 256 KiB.</summary>
    internal const int LargestSample = 5000;

    /// <summary>Records, those whose offset another one was given as well.</summary>
    public long Records => Ranges.Sum(range => range.Count) + Twice.Count;

    /// <summary>Behind the last acknowledged record.</summary>
    public long End => Ranges[^1].To;
}

/// <summary>What tells a record from another one that was given its offset. Immutable.</summary>
/// <param name="Timestamp">In milliseconds since 1970.</param>
public readonly record struct AcknowledgedRecord(long Offset, long Timestamp);
