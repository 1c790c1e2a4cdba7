using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Reads where partitions begin and end and what consumer groups have committed, without joining them.
/// Belongs to a <see cref="KafkaAdmin"/>; safe from any thread; every call is bounded in time.
/// </summary>
public sealed class OffsetReader
{
    /// <summary>Of a partition that Kafka says has a leader: the broker that just died, before the others noticed.</summary>
    const string LeaderIsSilent = "its leader does not answer";

    readonly KafkaQuestions _kafka;
    readonly ListOffsetsOptions _ends;

    internal OffsetReader(KafkaQuestions kafka)
    {
        _kafka = kafka;
        // The log end offset in the word's own sense; for read_committed the broker answers with the last stable offset.
        _ends = new() { RequestTimeout = kafka.Limit, IsolationLevel = IsolationLevel.ReadUncommitted };
    }

    /// <summary>The lowest offset each partition still has, inclusive.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for one of the partitions.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, long>> LogStartsAsync(IReadOnlyCollection<TopicPartition> partitions) =>
        ListAsync(partitions, OffsetSpec.Earliest());

    /// <summary>The next offset each partition will assign, exclusive.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for one of the partitions.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, long>> LogEndsAsync(IReadOnlyCollection<TopicPartition> partitions) =>
        ListAsync(partitions, OffsetSpec.Latest());

    /// <summary>As <see cref="LogStartsAsync"/>; an error for one of the partitions is a part of the answer.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public Task<KnownOffsets> FindLogStartsAsync(PartitionStates partitions) => FindAsync(partitions, OffsetSpec.Earliest());

    /// <summary>As <see cref="LogEndsAsync"/>; an error for one of the partitions is a part of the answer.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public Task<KnownOffsets> FindLogEndsAsync(PartitionStates partitions) => FindAsync(partitions, OffsetSpec.Latest());

    /// <summary>
    /// As <see cref="FindLogStartsAsync"/> and <see cref="FindLogEndsAsync"/>: a leader that did not answer the first question is not
    /// waited for again.
    /// </summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<(KnownOffsets Starts, KnownOffsets Ends)> FindBoundsAsync(PartitionStates partitions)
    {
        var starts = await FindLogStartsAsync(partitions).ConfigureAwait(false);
        return (starts, await FindLogEndsAsync(partitions.Without(starts)).ConfigureAwait(false));
    }

    /// <summary>The next offset the group will read of each partition; a partition the group never committed is not in it.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for one of the partitions.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> CommittedAsync(
        string groupId, IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count == 0) return new Dictionary<TopicPartition, long>();
        var offsets = await _kafka.AskCommittedAsync(groupId, partitions).ConfigureAwait(false);
        return offsets
            .Where(partition => partition.Offset.Value >= 0)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value);
    }

    /// <summary>The first record of each partition that is not older than a time; a partition without one is not in it.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for all of the partitions.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> FirstSinceAsync(
        IReadOnlyCollection<TopicPartition> partitions, DateTimeOffset time) =>
        (await AskAsync(partitions, OffsetSpec.ForTimestamp(time.ToUnixTimeMilliseconds())).ConfigureAwait(false)).Offsets;

    async Task<IReadOnlyDictionary<TopicPartition, long>> ListAsync(IReadOnlyCollection<TopicPartition> partitions, OffsetSpec spec)
    {
        var answer = await AskAsync(partitions, spec).ConfigureAwait(false);
        if (answer.Errors.Count == 0) return answer.Offsets;
        var (partition, reason) = answer.Errors.First();
        var request = string.Create(CultureInfo.InvariantCulture, $"ListOffsets for {partition.Topic}[{partition.Partition.Value}]");
        throw KafkaUnavailableException.Refused(_kafka.Bootstrap, request, reason);
    }

    /// <summary>The partitions that Kafka says have no leader are not asked: the client would look for one until the time is up.</summary>
    async Task<KnownOffsets> FindAsync(PartitionStates partitions, OffsetSpec spec)
    {
        var answer = await AskAsync(partitions.Online, spec).ConfigureAwait(false);
        var failed = answer.Errors.Select(error => KeyValuePair.Create(error.Key, $"offline: {error.Value}"));
        return answer with { Errors = partitions.Offline.Concat(failed).ToDictionary() };
    }

    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for all of the partitions.</exception>
    async Task<KnownOffsets> AskAsync(IReadOnlyCollection<TopicPartition> partitions, OffsetSpec spec)
    {
        if (partitions.Count == 0) return KnownOffsets.None;
        var question = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec });
        var answer = await _kafka.AskAsync("ListOffsets", client => AskAsync(client, question)).ConfigureAwait(false);
        // What librdkafka did not hear of in time it gives back as if all were well, with the offset -1001 (RD_KAFKA_OFFSET_INVALID).
        var isKnown = answer.ToLookup(result => !result.Error.IsError && result.Offset.Value >= 0);
        return new KnownOffsets(
            isKnown[true].ToDictionary(result => result.TopicPartition, result => result.Offset.Value),
            isKnown[false].ToDictionary(
                result => result.TopicPartition, result => result.Error.IsError ? result.Error.Reason : LeaderIsSilent));
    }

    async Task<IEnumerable<TopicPartitionOffsetError>> AskAsync(IAdminClient client, IEnumerable<TopicPartitionOffsetSpec> question)
    {
        try
        {
            var answer = await client.ListOffsetsAsync(question, _ends).ConfigureAwait(false);
            return answer.ResultInfos.Select(result => result.TopicPartitionOffsetError);
        }
        catch (ListOffsetsException e) when (e.Result.ResultInfos.Exists(result => !result.TopicPartitionOffsetError.Error.IsError))
        {
            return e.Result.ResultInfos.Select(result => result.TopicPartitionOffsetError);
        }
    }
}
