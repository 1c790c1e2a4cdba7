using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Sees to it that the partitions which a running topic is given are read: docs/decisions/0008-partitions-of-a-running-topic.md.
/// A client of Kafka alone.
/// </summary>
public static class PartitionWatch
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>A rebalance stops all readers for a moment, so one that did not help is repeated less and less often.</summary>
    static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(5), LongestPatience = TimeSpan.FromMinutes(5);

    /// <summary>Ends, without an exception, when <paramref name="stop"/> is set. Trouble with Kafka is logged once.</summary>
    /// <param name="topics">Those of the streams.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public static async Task RunAsync(
        StandEndpoints endpoints, IReadOnlyCollection<string> topics, ILogger log, TimeProvider time, CancellationToken stop)
    {
        using var kafka = new KafkaAdmin(endpoints);
        var (patience, trouble) = (TimeSpan.Zero, "");
        while (!stop.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                var readers = await kafka.ReadersAsync(endpoints.Identity.Group, topics, stop).ConfigureAwait(false);
                var overlooked = readers.Overlooked;
                patience = overlooked.Count == 0 ? TimeSpan.Zero : Longer(patience);
                if (overlooked.Count > 0)
                {
                    WatchTrace.Overlooked(log, Describe(overlooked), endpoints.Identity.Group);
                    var visit = Task.Run(() => GroupVisit.Run(endpoints, overlooked[0].Topic, time, stop), CancellationToken.None);
                    await visit.ConfigureAwait(false);
                    pause = patience;
                }
                trouble = "";
            }
            catch (KafkaUnavailableException e)
            {
                if (trouble != e.Message) WatchTrace.Blind(log, trouble = e.Message);
                pause = Longer(patience);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static TimeSpan Longer(TimeSpan patience)
    {
        if (patience == TimeSpan.Zero) return FirstPatience;
        return patience * 2 < LongestPatience ? patience * 2 : LongestPatience;
    }

    static string Describe(IEnumerable<TopicPartition> partitions) => string.Join("; ", partitions.GroupBy(partition => partition.Topic)
        .Select(topic => $"{topic.Key}, {PartitionList.Of(topic.Select(partition => partition.Partition.Value))}"));
}
