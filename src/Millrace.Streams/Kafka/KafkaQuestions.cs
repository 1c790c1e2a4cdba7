using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Asks Kafka, and tells each way of getting no answer as a <see cref="KafkaUnavailableException"/>.
/// Owns its clients; safe from any thread.
/// </summary>
/// <param name="limit">How long a question may take.</param>
/// <exception cref="KafkaPropertyException">A property is wrong.</exception>
sealed class KafkaQuestions : IDisposable, IAsyncDisposable
{
    readonly CommittedOffsets _committed;
    readonly bool _asksBrokers;
    Task? _going;

    public KafkaQuestions(StandEndpoints endpoints, TimeSpan limit)
    {
        (Bootstrap, Limit, _asksBrokers) = (endpoints.Kafka, limit, BrokerConnection.CanAsk(endpoints));
        Client = AdminClient.Create(endpoints, Trouble);
        _committed = new CommittedOffsets(endpoints, Trouble);
    }

    public string Bootstrap { get; }

    /// <summary>For what is no question: orders, and waiting until Kafka answers at all.</summary>
    public IAdminClient Client { get; }

    /// <summary>What <see cref="Client"/> says about why it gets nowhere.</summary>
    public ClientTrouble Trouble { get; } = new();

    public TimeSpan Limit { get; }

    /// <param name="request">Kafka's name of it, for the sentence that says what was refused.</param>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error in place of one or of a part of it.</exception>
    public async Task<T> AskAsync<T>(string request, Func<IAdminClient, Task<T>> question)
    {
        try
        {
            return await question(Client).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            var (of, error) = FirstError(e);
            throw IsSilence(error.Code)
                ? Trouble.ToException(Bootstrap, Limit, e)
                : KafkaUnavailableException.Refused(Bootstrap, of is null ? request : $"{request} for {of}", error.Reason, e);
        }
    }

    /// <summary>Every topic, Kafka's own too, by name.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<IEnumerable<TopicMetadata>> AskTopicsAsync(CancellationToken cancellation) =>
        TopicsOf(await AskMetadataAsync(cancellation).ConfigureAwait(false));

    /// <summary>The settings of topics that exist, by topic and name; one whose value is a secret has none.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or a topic may not be looked at.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<TopicSetting>>> AskConfigsAsync(IReadOnlyCollection<string> topics)
    {
        if (topics.Count == 0) return new Dictionary<string, IReadOnlyList<TopicSetting>>();
        var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic });
        var options = new DescribeConfigsOptions { RequestTimeout = Limit };
        var answer = await AskAsync("DescribeConfigs", client => client.DescribeConfigsAsync(resources, options)).ConfigureAwait(false);
        return answer.ToDictionary(
            one => one.ConfigResource.Name,
            one => (IReadOnlyList<TopicSetting>)
            [
                .. one.Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)
                    .Select(entry => new TopicSetting(entry.Name, entry.IsSensitive ? null : entry.Value, entry.IsDefault)),
            ]);
    }

    /// <summary>Every topic and every broker. The client's one call for them blocks its thread.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public Task<Metadata> AskMetadataAsync(CancellationToken cancellation) =>
        AskAsync("Metadata", client => Task.Run(() => client.GetMetadata(Limit), cancellation));

    /// <summary>The partitions of the topics that exist among <paramref name="topics"/>.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<IReadOnlyList<TopicPartition>> AskPartitionsAsync(
        IReadOnlyCollection<string> topics, CancellationToken cancellation) =>
        PartitionsOf((await AskTopicsAsync(cancellation).ConfigureAwait(false)).Where(topic => topics.Contains(topic.Topic)));

    /// <summary>Every topic, Kafka's own too, by name.</summary>
    public static IEnumerable<TopicMetadata> TopicsOf(Metadata metadata) =>
        metadata.Topics.OrderBy(topic => topic.Topic, StringComparer.Ordinal);

    public static IReadOnlyList<TopicPartition> PartitionsOf(IEnumerable<TopicMetadata> topics) =>
        [.. topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))];

    /// <summary>What a group has committed; negative for a partition that it never committed.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error in place of one or of a part of it.</exception>
    public Task<List<TopicPartitionOffset>> AskCommittedAsync(string groupId, IReadOnlyCollection<TopicPartition> partitions) =>
        AskAsync($"OffsetFetch of group {groupId}", _ => Task.Run(() => _committed.Read(groupId, partitions, Limit)));

    /// <summary>Every group, of whatever kind, as far as the brokers answer.</summary>
    /// <param name="brokers">All that the cluster has.</param>
    /// <exception cref="KafkaUnavailableException">No answer in time of any of them, or an error in place of a part of it.</exception>
    public async Task<FoundGroups> AskGroupsAsync(IReadOnlyCollection<BrokerMetadata> brokers, CancellationToken cancellation)
    {
        var found = _asksBrokers
            ? await BrokerGroups.ListAsync(brokers, Limit, cancellation).ConfigureAwait(false)
            : await AskAllAsync(client => client.ListGroups(Limit), cancellation).ConfigureAwait(false);
        if (found.Silent.Count > 0 && found.Silent.Count == brokers.Count) throw Trouble.ToException(Bootstrap, Limit);
        return found with { Groups = [.. found.Groups.Select(Sound)] };
    }

    /// <returns>null: there is no such group.</returns>
    /// <exception cref="KafkaUnavailableException">No answer in time, or the group may not be looked at.</exception>
    public async Task<GroupInfo?> AskGroupAsync(string groupId, CancellationToken cancellation)
    {
        var metadata = await AskMetadataAsync(cancellation).ConfigureAwait(false);
        return await AskGroupAsync(groupId, metadata.Brokers, cancellation).ConfigureAwait(false);
    }

    /// <param name="brokers">All that the cluster has.</param>
    /// <inheritdoc cref="AskGroupAsync(string, CancellationToken)"/>
    public async Task<GroupInfo?> AskGroupAsync(
        string groupId, IReadOnlyCollection<BrokerMetadata> brokers, CancellationToken cancellation)
    {
        var found = _asksBrokers
            ? await BrokerGroups.FindAsync(groupId, brokers, Limit, cancellation).ConfigureAwait(false)
            : await AskAllAsync(client => client.ListGroup(groupId, Limit) is { } group ? [group] : [], cancellation).ConfigureAwait(false);
        if (found.Groups is [var group, ..]) return Sound(group);
        return found.Silent.Count == 0 ? null : throw KafkaUnavailableException.Silent(Bootstrap, found.Silent);
    }

    /// <summary>Returns at once; what it returns ends when librdkafka has gone. May be called again.</summary>
    public ValueTask DisposeAsync() => new(_going ??= Task.Run(Dispose));

    public void Dispose()
    {
        Client.Dispose();
        _committed.Dispose();
    }

    /// <summary>
    /// Where brokers want TLS or SASL, by the old call, which blocks its thread. The new ones end the process: where ListConsumerGroupsAsync gets no answer,
    /// Confluent.Kafka 2.16.0 frees an error twice (extractListConsumerGroupsResults of its AdminClient.cs), and where a coordinator goes
    /// away, DescribeConsumerGroupsAsync runs into an assertion of librdkafka (its pull request 5397).
    /// </summary>
    async Task<FoundGroups> AskAllAsync(Func<IAdminClient, List<GroupInfo>> question, CancellationToken cancellation) =>
        new(await AskAsync("DescribeGroups", client => Task.Run(() => question(client), cancellation)).ConfigureAwait(false), []);

    GroupInfo Sound(GroupInfo group) => group.Error.IsError
        ? throw KafkaUnavailableException.Refused(Bootstrap, $"DescribeGroups for {group.Group}", group.Error.Reason)
        : group;

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

    static bool IsSilence(ErrorCode code) => code
        is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_WaitCoord
        or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.SaslAuthenticationFailed;
}
