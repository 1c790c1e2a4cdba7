using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Streams.Kafka;

/// <summary>Asks Kafka, and tells each way of getting no answer as a <see cref="KafkaUnavailableException"/>. Owns its clients; safe from any thread.</summary>
/// <param name="limit">How long a question may take.</param>
/// <exception cref="KafkaPropertyException">A property is wrong.</exception>
sealed class KafkaQuestions : IDisposable
{
    readonly string _bootstrap;
    readonly ClientTrouble _trouble = new();
    readonly IAdminClient _client;
    readonly CommittedOffsets _committed;

    public KafkaQuestions(StandEndpoints endpoints, TimeSpan limit)
    {
        (_bootstrap, Limit) = (endpoints.Kafka, limit);
        _client = AdminClient.Create(endpoints, _trouble);
        _committed = new CommittedOffsets(endpoints, _trouble);
    }

    public TimeSpan Limit { get; }

    /// <param name="request">Kafka's name of it, for the sentence that says what was refused.</param>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error in place of one or of a part of it.</exception>
    public async Task<T> AskAsync<T>(string request, Func<IAdminClient, Task<T>> question)
    {
        try
        {
            return await question(_client).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            var (of, error) = FirstError(e);
            throw IsSilence(error.Code)
                ? _trouble.ToException(_bootstrap, Limit, e)
                : KafkaUnavailableException.Refused(_bootstrap, of is null ? request : $"{request} for {of}", error.Reason, e);
        }
    }

    /// <summary>What a group has committed; negative for a partition that it never committed.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error in place of one or of a part of it.</exception>
    public Task<List<TopicPartitionOffset>> AskCommittedAsync(string groupId, IReadOnlyCollection<TopicPartition> partitions) =>
        AskAsync($"OffsetFetch of group {groupId}", _ => Task.Run(() => _committed.Read(groupId, partitions, Limit)));

    /// <summary>Every group, of whatever kind.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error in place of one or of a part of it.</exception>
    public Task<List<GroupInfo>> AskGroupsAsync(CancellationToken cancellation) =>
        AskGroupsAsync(client => client.ListGroups(Limit), cancellation);

    /// <returns>null: there is no such group.</returns>
    /// <exception cref="KafkaUnavailableException">No answer in time, or the group may not be looked at.</exception>
    public async Task<GroupInfo?> AskGroupAsync(string groupId, CancellationToken cancellation)
    {
        var found = await AskGroupsAsync(client => client.ListGroup(groupId, Limit) is { } group ? [group] : [], cancellation).ConfigureAwait(false);
        return found.SingleOrDefault();
    }

    public void Dispose()
    {
        _client.Dispose();
        _committed.Dispose();
    }

    /// <summary>
    /// By the old call, which blocks its thread. The new ones end the process: where ListConsumerGroupsAsync gets no answer, Confluent.Kafka
    /// 2.16.0 frees an error twice (extractListConsumerGroupsResults of its AdminClient.cs), and where a coordinator goes away,
    /// DescribeConsumerGroupsAsync runs into an assertion of librdkafka (its pull request 5397).
    /// </summary>
    async Task<List<GroupInfo>> AskGroupsAsync(Func<IAdminClient, List<GroupInfo>> question, CancellationToken cancellation)
    {
        var groups = await AskAsync("DescribeGroups", client => Task.Run(() => question(client), cancellation)).ConfigureAwait(false);
        return groups.Find(group => group.Error.IsError) is { } failed
            ? throw KafkaUnavailableException.Refused(_bootstrap, $"DescribeGroups for {failed.Group}", failed.Error.Reason)
            : groups;
    }

    /// <summary>An answer may be whole but for some partitions: whose error it is, and which.</summary>
    static (string? Of, Error Error) FirstError(KafkaException failure) => failure switch
    {
        ListOffsetsException { Result.ResultInfos: var results } => FirstError(results.Select(result => result.TopicPartitionOffsetError)),
        TopicPartitionOffsetException { Results: var partitions } => FirstError(partitions),
        _ => (null, failure.Error),
    };

    static (string? Of, Error Error) FirstError(IEnumerable<TopicPartitionOffsetError> partitions)
    {
        var failed = partitions.First(partition => partition.Error.IsError);
        return (string.Create(CultureInfo.InvariantCulture, $"{failed.Topic}[{failed.Partition.Value}]"), failed.Error);
    }

    static bool IsSilence(ErrorCode code) => code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_WaitCoord
        or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.SaslAuthenticationFailed;
}
