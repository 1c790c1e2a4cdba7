using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Leafs through a topic: backwards from its end, or onwards from a place. A page says where the one before and the one after begin, so
/// whoever leafs misses no record and gets none twice. Any thread may call.
/// </summary>
public sealed class TopicPages(StandEndpoints endpoints, KafkaAdmin kafka)
{
    /// <summary>About so many on a page, of all partitions together.</summary>
    const int PageSize = 200;

    /// <summary>Records that one page may look at for those that are wanted, of all partitions together.</summary>
    const int LongestSearch = 20_000;

    /// <summary>The page that ends at <paramref name="before"/>, newest records last in each partition.</summary>
    /// <param name="before">Exclusive, by partition; null: the end.</param>
    /// <exception cref="KafkaUnavailableException">No answer in time, or Kafka refused.</exception>
    public async Task<TopicPage> BackwardsAsync(
        TopicChoice choice, IReadOnlyDictionary<int, long>? before, CancellationToken cancellation)
    {
        var bounds = await BoundsAsync(choice, cancellation).ConfigureAwait(false);
        var until = bounds.Ends.ToDictionary(
            end => end.Key, end => Math.Min(end.Value, before?.GetValueOrDefault(end.Key, end.Value) ?? end.Value));
        var each = Math.Max(1, PageSize / Math.Max(1, until.Count));
        var window = choice.IsWanted is null ? each : Math.Max(each, LongestSearch / Math.Max(1, until.Count));
        var from = until.ToDictionary(end => end.Key, end => Math.Min(end.Value, Math.Max(bounds.Starts[end.Key], end.Value - window)));
        var part = new TopicPart(choice.Topic, from) { Until = until, IsWanted = choice.IsWanted };
        var limits = new ReadLimits { OfEachPartition = each };
        var batch = await TopicReader.ReadAsync(endpoints, part, limits, cancellation).ConfigureAwait(false);
        // The page after is the one it was asked from, so nobody would ever come by what is missing.
        if (before is not null && !batch.IsEnd) throw KafkaUnavailableException.NoAnswer(endpoints.Kafka, limits.Time);
        var first = until.Keys.ToDictionary(
            partition => partition,
            partition => batch.Cut.Contains(partition)
                ? batch.Records.First(record => record.Partition == partition).Offset
                : from[partition]);
        return new TopicPage(
            batch.Records, first, before is null ? batch.Next : until, batch.Looked,
            first.All(place => place.Value <= bounds.Starts[place.Key]), IsEnd: before is null && batch.IsEnd);
    }

    /// <summary>The page that begins at <paramref name="from"/>.</summary>
    /// <param name="from">Inclusive, by partition.</param>
    /// <exception cref="KafkaUnavailableException">No answer in time, or Kafka refused.</exception>
    public async Task<TopicPage> OnwardsAsync(TopicChoice choice, IReadOnlyDictionary<int, long> from, CancellationToken cancellation)
    {
        var bounds = await BoundsAsync(choice, cancellation).ConfigureAwait(false);
        // A place past the end would be taken for one that retention has passed over.
        var start = from.Where(place => bounds.Ends.ContainsKey(place.Key))
            .ToDictionary(place => place.Key, place => Math.Clamp(place.Value, bounds.Starts[place.Key], bounds.Ends[place.Key]));
        var part = new TopicPart(choice.Topic, start) { Until = bounds.Ends, IsWanted = choice.IsWanted };
        var limits = new ReadLimits { Records = PageSize, Looked = LongestSearch };
        var batch = await TopicReader.ReadAsync(endpoints, part, limits, cancellation).ConfigureAwait(false);
        // A partition that is offline now keeps its place for the next look.
        var after = new Dictionary<int, long>(from);
        foreach (var (partition, next) in batch.Next) after[partition] = next;
        return new TopicPage(
            batch.Records, start, after, batch.Looked, start.All(place => place.Value <= bounds.Starts[place.Key]), batch.IsEnd);
    }

    /// <summary>As <see cref="OnwardsAsync"/>, from the first records that are not older than <paramref name="time"/>.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or Kafka refused.</exception>
    public async Task<TopicPage> SinceAsync(TopicChoice choice, DateTimeOffset time, CancellationToken cancellation)
    {
        var bounds = await BoundsAsync(choice, cancellation).ConfigureAwait(false);
        var partitions = bounds.Ends.Keys.Select(partition => new TopicPartition(choice.Topic, partition)).ToList();
        var found = await kafka.Offsets.FirstSinceAsync(partitions, time).ConfigureAwait(false);
        var from = bounds.Ends.ToDictionary(
            end => end.Key, end => found.TryGetValue(new TopicPartition(choice.Topic, end.Key), out var offset) ? offset : end.Value);
        return await OnwardsAsync(choice, from, cancellation).ConfigureAwait(false);
    }

    async Task<(Dictionary<int, long> Starts, Dictionary<int, long> Ends)> BoundsAsync(TopicChoice choice, CancellationToken cancellation)
    {
        var states = await kafka.StatesOfAsync([choice.Topic], cancellation).ConfigureAwait(false);
        var (starts, ends) = await kafka.Offsets.FindBoundsAsync(states).ConfigureAwait(false);
        var known = states.All
            .Where(partition => choice.Partition is not { } only || partition.Partition.Value == only)
            .Where(partition => starts.Of(partition) is not null && ends.Of(partition) is not null)
            .ToList();
        return (
            known.ToDictionary(partition => partition.Partition.Value, partition => starts.Offsets[partition]),
            known.ToDictionary(partition => partition.Partition.Value, partition => ends.Offsets[partition]));
    }
}

/// <summary>Which records of a topic are wanted. Immutable.</summary>
/// <param name="Partition">null: all.</param>
/// <param name="IsWanted">null: all are.</param>
public sealed record TopicChoice(string Topic, int? Partition, Predicate<TopicRecord>? IsWanted);

/// <summary>Some records of a topic. Immutable.</summary>
/// <param name="Records">In the order of each partition.</param>
/// <param name="Before">By partition, where the page before ends, exclusive.</param>
/// <param name="After">By partition, where the page after begins, inclusive.</param>
/// <param name="Looked">Records that were looked at, wanted or not.</param>
/// <param name="IsStart">There is no page before.</param>
/// <param name="IsEnd">There is no page after yet.</param>
public sealed record TopicPage(
    IReadOnlyList<TopicRecord> Records, IReadOnlyDictionary<int, long> Before, IReadOnlyDictionary<int, long> After, int Looked,
    bool IsStart, bool IsEnd);
