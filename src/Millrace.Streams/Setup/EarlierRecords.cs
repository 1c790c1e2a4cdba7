using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Records that were made before an edit are read by the definitions of then: a setup that demands more of a record waits until ClickHouse
/// has read what is in the topic. docs/decisions/0009-editing-a-running-stand.md says why.
/// </summary>
sealed class EarlierRecords(
    ClickHouseClient client, KafkaQuestions kafka, StandEndpoints endpoints, StreamCatalog catalog, ILogger logger)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Without any progress: then somebody may have paused the stream.</summary>
    static readonly TimeSpan SlowLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Without any progress. Members of a ClickHouse that was killed hold their partitions for librdkafka's session.timeout.ms, 45 s. An
    /// end of the log that no record fills, as after a transaction, is never committed.
    /// </summary>
    static readonly TimeSpan StuckLimit = TimeSpan.FromSeconds(60);

    readonly OffsetReader _offsets = new(kafka);

    /// <summary>
    /// Returns when the group has read what the topics hold now, or gets on no more. That is logged, as what waits in the topics of paused
    /// streams is.
    /// </summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public async Task ReadFirstAsync(IReadOnlyList<NewDemand> demands, TimeProvider time, CancellationToken cancellation)
    {
        if (demands.Count == 0) return;
        var topics = demands.Select(demand => demand.Topic).ToList();
        var ends = await _offsets
            .LogEndsAsync(await kafka.AskPartitionsAsync(topics, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        var running = await WithoutPausedAsync(
            demands, demands.Where(demand => demand.IsPaused).Select(demand => demand.Topic).ToHashSet(), ends).ConfigureAwait(false);
        var (last, since, isTold) = (long.MaxValue, time.GetTimestamp(), false);
        while (await UnreadAsync(running, ends).ConfigureAwait(false) is > 0 and var unread)
        {
            if (unread < last) (last, since) = (unread, time.GetTimestamp());
            if (time.GetElapsedTime(since) > StuckLimit)
            {
                logger.EarlierRecordsStuck(unread, Describe(running));
                return;
            }
            if (!isTold) logger.EarlierRecordsFirst(unread, Describe(running));
            isTold = true;
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
            if (time.GetElapsedTime(since) < SlowLimit) continue;
            var paused = await StreamPause
                .TopicsAsync(client, catalog.Streams, endpoints.Identity.Name, cancellation).ConfigureAwait(false);
            running = await WithoutPausedAsync(running, paused, ends).ConfigureAwait(false);
        }
    }

    /// <summary>The demands whose topics are read; says of the others what waits there.</summary>
    async Task<IReadOnlyList<NewDemand>> WithoutPausedAsync(
        IReadOnlyList<NewDemand> demands, IReadOnlySet<string> pausedTopics, IReadOnlyDictionary<TopicPartition, long> ends)
    {
        foreach (var paused in demands.Where(demand => pausedTopics.Contains(demand.Topic)))
            logger.EarlierRecordsPaused(await UnreadAsync([paused], ends).ConfigureAwait(false), Describe([paused]));
        return [.. demands.Where(demand => !pausedTopics.Contains(demand.Topic))];
    }

    /// <summary>Records of the topics below <paramref name="ends"/> that the group has not committed.</summary>
    async Task<long> UnreadAsync(IReadOnlyList<NewDemand> demands, IReadOnlyDictionary<TopicPartition, long> ends)
    {
        var topics = demands.Select(demand => demand.Topic).ToHashSet();
        TopicPartition[] partitions = [.. ends.Keys.Where(one => topics.Contains(one.Topic))];
        if (partitions.Length == 0) return 0;
        var committed = await _offsets.CommittedAsync(endpoints.Identity.Group, partitions).ConfigureAwait(false);
        var starts = await _offsets.LogStartsAsync(partitions).ConfigureAwait(false);
        return partitions.Sum(one => Math.Max(0, ends[one] - Math.Max(starts[one], committed.GetValueOrDefault(one))));
    }

    static string Describe(IEnumerable<NewDemand> demands) =>
        string.Join("; ", demands.Select(demand => $"{demand.Topic} ({string.Join(", ", demand.Columns.Concat(demand.Changed))})"));
}
