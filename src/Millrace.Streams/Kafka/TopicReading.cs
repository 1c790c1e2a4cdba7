using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>What a <see cref="TopicReader"/> has read so far, and how far it is. For one thread.</summary>
sealed class TopicReading
{
    readonly TopicPart _part;
    readonly ReadLimits _limits;
    readonly Dictionary<int, Queue<TopicRecord>> _kept; // by partition
    readonly Dictionary<int, long> _next;
    readonly HashSet<int> _ended;
    readonly HashSet<int> _cut = []; // partitions that have more wanted records than are kept
    int _looked;
    int _wanted;
    bool _isHeard;

    public TopicReading(TopicPart part, ReadLimits limits)
    {
        (_part, _limits, _next) = (part, limits, new Dictionary<int, long>(part.From));
        _kept = part.From.Keys.ToDictionary(partition => partition, _ => new Queue<TopicRecord>());
        _ended = [.. part.From.Where(place => place.Value >= UntilOf(place.Key)).Select(place => place.Key)];
        _isHeard = IsDone;
    }

    public bool IsDone => _ended.Count == _next.Count || _wanted >= _limits.Records || _looked >= _limits.Looked;

    /// <summary>Nothing came, not even that a partition has no more.</summary>
    public bool IsSilent => !_isHeard;

    /// <returns>More of its partition is to be read.</returns>
    public bool Take(ConsumeResult<byte[]?, byte[]?> result)
    {
        _isHeard = true;
        var (partition, until) = (result.Partition.Value, UntilOf(result.Partition));
        // The end of a partition lies past what holds no record for a consumer, as transaction markers.
        if (result.IsPartitionEOF || result.Offset >= until)
        {
            _next[partition] = Math.Max(_next[partition], Math.Min(result.Offset, until));
            _ended.Add(partition);
            return false;
        }
        _next[partition] = result.Offset + 1;
        if (_next[partition] >= until) _ended.Add(partition);
        _looked++;
        var record = TopicRecord.Of(result);
        if (_part.IsWanted?.Invoke(record) != false) Keep(record.Cut(_limits.Value));
        return !_ended.Contains(partition);
    }

    public TopicBatch ToBatch() =>
        new([.. _kept.Values.SelectMany(records => records)], _next, _looked, _ended.Count == _next.Count) { Cut = _cut };

    void Keep(TopicRecord record)
    {
        _wanted++;
        var kept = _kept[record.Partition];
        kept.Enqueue(record);
        if (kept.Count <= _limits.OfEachPartition) return;
        kept.Dequeue();
        _cut.Add(record.Partition);
    }

    long UntilOf(int partition) => _part.Until.TryGetValue(partition, out var until) ? until : long.MaxValue;
}

/// <summary>A part of a topic. Immutable.</summary>
/// <param name="Records">The wanted ones, in the order of each partition.</param>
/// <param name="Next">By partition, the first offset that was not looked at.</param>
/// <param name="Looked">Records that were looked at, wanted or not.</param>
/// <param name="IsEnd">All of the part was read.</param>
public sealed record TopicBatch(IReadOnlyList<TopicRecord> Records, IReadOnlyDictionary<int, long> Next, int Looked, bool IsEnd)
{
    /// <summary>Partitions of which only the last wanted records are here (<see cref="ReadLimits.OfEachPartition"/>).</summary>
    public IReadOnlySet<int> Cut { get; init; } = new HashSet<int>();
}
