using System.Diagnostics;
using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Which partitions stay without a reader. Immutable.</summary>
/// <param name="Trouble">Why that is not known, in a sentence; null where it is.</param>
sealed record ReaderCheck(IReadOnlySet<TopicPartition> Unread, string? Trouble)
{
    /// <summary>Nobody looked.</summary>
    public static ReaderCheck None { get; } = new(new HashSet<TopicPartition>(), null);

    /// <summary>
    /// A rebalance ends sooner, be it after the death of a member (6 s, its session), and so does the way of a new partition to its reader.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>
    /// At once and empty when each partition of the topics has a reader; else what nobody reads after <paramref name="limit"/> either.
    /// A Kafka that does not tell is a part of the answer: trouble with one broker is no reason to say nothing of the others.
    /// </returns>
    public static async Task<ReaderCheck> RunAsync(
        KafkaAdmin kafka, string group, IReadOnlyCollection<string> topics, TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                var unread = (await kafka.ReadersAsync(group, topics, cancellation).ConfigureAwait(false)).Unread;
                if (unread.Count == 0 || Stopwatch.GetElapsedTime(started) >= limit) return new ReaderCheck(unread.ToHashSet(), null);
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            }
        }
        catch (KafkaUnavailableException e)
        {
            return None with { Trouble = e.Message };
        }
    }
}
