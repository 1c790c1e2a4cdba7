using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Streams.Ddl;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Records that were made before an edit are read by the definitions of then: a setup that demands more of a record waits until ClickHouse
/// has read what is in the topic. docs/decisions/0009-editing-a-running-stand.md says why.
/// </summary>
static class EarlierRecords
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Without any progress. Members of a ClickHouse that was killed hold their partitions for librdkafka's session.timeout.ms, 45 s. An
    /// end of the log that no record fills, as after a transaction, is never committed.
    /// </summary>
    static readonly TimeSpan StuckLimit = TimeSpan.FromSeconds(60);

    /// <summary>Returns when the group has read what the topics hold now, or gets on no more: that is logged.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public static async Task ReadFirstAsync(
        KafkaQuestions kafka, string group, IReadOnlyList<NewDemand> demands, ILogger logger, TimeProvider time,
        CancellationToken cancellation)
    {
        if (demands.Count == 0) return;
        var offsets = new OffsetReader(kafka);
        foreach (var paused in demands.Where(demand => demand.IsPaused))
        {
            var held = await EndsOfAsync([paused]).ConfigureAwait(false);
            logger.EarlierRecordsPaused(await UnreadAsync(offsets, group, held).ConfigureAwait(false), Describe([paused]));
        }
        demands = [.. demands.Where(demand => !demand.IsPaused)];
        if (demands.Count == 0) return;
        var ends = await EndsOfAsync(demands).ConfigureAwait(false);
        var (last, since, isTold) = (long.MaxValue, time.GetTimestamp(), false);
        while (await UnreadAsync(offsets, group, ends).ConfigureAwait(false) is > 0 and var unread)
        {
            if (unread < last) (last, since) = (unread, time.GetTimestamp());
            if (time.GetElapsedTime(since) > StuckLimit)
            {
                logger.EarlierRecordsStuck(unread, Describe(demands));
                return;
            }
            if (!isTold) logger.EarlierRecordsFirst(unread, Describe(demands));
            isTold = true;
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }

        async Task<IReadOnlyDictionary<TopicPartition, long>> EndsOfAsync(IEnumerable<NewDemand> some)
        {
            var partitions = await kafka.AskPartitionsAsync([.. some.Select(demand => demand.Topic)], cancellation).ConfigureAwait(false);
            return await offsets.LogEndsAsync(partitions).ConfigureAwait(false);
        }
    }

    /// <summary>Records below <paramref name="ends"/> that the group has not committed.</summary>
    static async Task<long> UnreadAsync(OffsetReader offsets, string group, IReadOnlyDictionary<TopicPartition, long> ends)
    {
        TopicPartition[] partitions = [.. ends.Keys];
        var committed = await offsets.CommittedAsync(group, partitions).ConfigureAwait(false);
        var starts = await offsets.LogStartsAsync(partitions).ConfigureAwait(false);
        return partitions.Sum(one => Math.Max(0, ends[one] - Math.Max(starts[one], committed.GetValueOrDefault(one))));
    }

    static string Describe(IEnumerable<NewDemand> demands) =>
        string.Join("; ", demands.Select(demand => $"{demand.Topic} ({string.Join(", ", demand.Columns)})"));
}
