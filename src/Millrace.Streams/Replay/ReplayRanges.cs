using Confluent.Kafka;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;

namespace Millrace.Streams.Replay;

/// <summary>Finds the offsets of each partition that an order means.</summary>
static class ReplayRanges
{
    /// <param name="bounds">Beyond which nothing may be stored yet; null: all that the topic has may.</param>
    /// <returns>By partition; a range may be empty.</returns>
    /// <exception cref="ReplayRefusedException">There is no such topic, or partition.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public static async Task<IReadOnlyList<ReplayedPartition>> ReadAsync(
        KafkaQuestions kafka, string topic, ReplayOrder order, LetterBounds? bounds, CancellationToken cancellation)
    {
        var partitions = await PartitionsAsync(kafka, topic, order, cancellation).ConfigureAwait(false);
        var offsets = new OffsetReader(kafka);
        var starts = await offsets.LogStartsAsync(partitions).ConfigureAwait(false);
        var ends = await offsets.LogEndsAsync(partitions).ConfigureAwait(false);
        var from = await FindAsync(order.From, starts).ConfigureAwait(false);
        var to = await FindAsync(order.To, ends).ConfigureAwait(false);
        return
        [
            .. partitions.OrderBy(partition => partition.Partition.Value).Select(partition =>
            {
                var (start, wanted) = (starts[partition], Math.Min(to[partition], ends[partition]));
                var end = bounds is null ? wanted : Math.Min(wanted, bounds.Of(partition.Partition));
                var first = Math.Max(from[partition], start);
                return new ReplayedPartition(
                    partition.Partition, Math.Min(first, end), Math.Max(Math.Min(first, end), end), start, IsCut(from[partition], start),
                    Math.Max(0, wanted - Math.Max(end, first)));
            }),
        ];

        // Of a time nobody knows what was before the log start.
        bool IsCut(long found, long start) => order.From is ReplayPoint.AtTime ? start > 0 && found <= start : found < start;

        async Task<IReadOnlyDictionary<TopicPartition, long>> FindAsync(
            ReplayPoint? point, IReadOnlyDictionary<TopicPartition, long> otherwise)
        {
            if (point is ReplayPoint.AtOffset { Offset: var offset }) return partitions.ToDictionary(one => one, _ => offset);
            if (point is not ReplayPoint.AtTime { Time: var time }) return otherwise;
            var found = await offsets.FirstSinceAsync(partitions, time).ConfigureAwait(false);
            return partitions.ToDictionary(one => one, one => found.TryGetValue(one, out var first) ? first : ends[one]);
        }
    }

    static async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(
        KafkaQuestions kafka, string topic, ReplayOrder order, CancellationToken cancellation)
    {
        var all = await kafka.AskPartitionsAsync([topic], cancellation).ConfigureAwait(false);
        if (all.Count == 0) throw new ReplayRefusedException($"Kafka has no topic {topic}: carry the definitions out first (apply)");
        foreach (var wanted in order.Partitions.Where(wanted => all.All(one => one.Partition.Value != wanted)))
            throw new ReplayRefusedException($"{topic} has no partition {wanted}: it has {all.Count}, from 0");
        return order.Partitions.Count == 0 ? all : [.. all.Where(one => order.Partitions.Contains(one.Partition))];
    }
}
