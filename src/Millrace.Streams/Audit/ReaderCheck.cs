using System.Diagnostics;
using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Finds partitions that stay without a reader.</summary>
static class ReaderCheck
{
    /// <summary>
    /// A rebalance ends sooner, be it after the death of a member (6 s, its session), and so does the way of a new partition to its reader.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>
    /// At once and empty when each partition of the topics has a reader; else what nobody reads after <paramref name="limit"/> either.
    /// </returns>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public static async Task<IReadOnlySet<TopicPartition>> UnreadAsync(
        KafkaAdmin kafka, string group, IReadOnlyCollection<string> topics, TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var unread = (await kafka.ReadersAsync(group, topics, cancellation).ConfigureAwait(false)).Unread;
            if (unread.Count == 0 || Stopwatch.GetElapsedTime(started) >= limit) return unread.ToHashSet();
            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }
}
