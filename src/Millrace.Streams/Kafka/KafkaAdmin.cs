using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Looks at topics and groups of any Kafka; changes nothing.
/// Owns one client; safe from any thread. Every question is bounded in time.
/// </summary>
public sealed class KafkaAdmin : IDisposable
{
    /// <summary>
    /// What Kafka keeps for itself: INTERNAL_TOPICS in clients/src/main/java/org/apache/kafka/common/internals/Topic.java.
    /// Other names may begin like these.
    /// </summary>
    static readonly string[] InternalTopics = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

    /// <summary>A group's state while no rebalance is going on, by Kafka's name.</summary>
    const string Stable = "Stable";

    readonly KafkaQuestions _kafka;
    readonly bool _asksSizes;

    /// <param name="limit">How long to wait for an answer; <see cref="KafkaClientProperties.AnswerLimit"/> unless given.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public KafkaAdmin(StandEndpoints endpoints, TimeSpan? limit = null)
    {
        _kafka = new KafkaQuestions(endpoints, limit ?? KafkaClientProperties.AnswerLimit);
        Offsets = new OffsetReader(_kafka);
        _asksSizes = BrokerConnection.CanAsk(endpoints);
    }

    public OffsetReader Offsets { get; }

    /// <summary>Every topic that is not Kafka's own, by name.</summary>
    /// <param name="sized">Topics whose sizes are asked for; null for all.</param>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<IReadOnlyList<TopicDescription>> ListTopicsAsync(
        IReadOnlyCollection<string>? sized = null, CancellationToken cancellation = default)
    {
        var metadata = await _kafka.AskMetadataAsync(cancellation).ConfigureAwait(false);
        var topics = UserTopics(KafkaQuestions.TopicsOf(metadata));
        var asked = _asksSizes ? LogSizes.ReadAsync(metadata.Brokers, topics.Where(topic => IsSized(topic.Topic)), cancellation) : null;
        var (starts, ends) = await Offsets.FindBoundsAsync(PartitionStates.Of(topics)).ConfigureAwait(false);
        var sizes = asked is null ? null : await asked.ConfigureAwait(false);
        return
        [
            .. topics.Select(topic => new TopicDescription(
                topic.Topic,
                [.. topic.Partitions.OrderBy(partition => partition.PartitionId).Select(Describe(topic.Topic))])),
        ];

        Func<PartitionMetadata, PartitionDescription> Describe(string topic) => partition =>
        {
            var key = new TopicPartition(topic, partition.PartitionId);
            var error = starts.ErrorOf(key) ?? ends.ErrorOf(key);
            long? size = sizes is not null && sizes.TryGetValue(key, out var bytes) ? bytes : null;
            return new PartitionDescription(
                partition.PartitionId, partition.Leader, partition.Replicas, partition.InSyncReplicas,
                starts.Of(key), ends.Of(key), error)
            {
                SizeBytes = size,
                SizeError = size is not null ? null
                    : sizes is null ? LogSizes.NotAsked : IsSized(topic) ? LogSizes.NotAnswered : LogSizes.NotWanted,
            };
        };

        bool IsSized(string topic) => sized is null || sized.Contains(topic);
    }

    /// <summary>The settings of a topic, by name; one whose value is a secret has none.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or the topic may not be looked at.</exception>
    public async Task<IReadOnlyList<TopicSetting>> SettingsOfAsync(string topic) =>
        (await SettingsOfAsync([topic]).ConfigureAwait(false))[topic];

    /// <inheritdoc cref="KafkaQuestions.AskConfigsAsync"/>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<TopicSetting>>> SettingsOfAsync(IReadOnlyCollection<string> topics) =>
        _kafka.AskConfigsAsync(topics);

    /// <summary>The partitions of the topics that exist among <paramref name="topics"/>.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public Task<IReadOnlyList<TopicPartition>> PartitionsOfAsync(
        IReadOnlyCollection<string> topics, CancellationToken cancellation = default) =>
        _kafka.AskPartitionsAsync(topics, cancellation);

    /// <summary>The partitions of the topics that exist among <paramref name="topics"/>, and which of them are offline.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<PartitionStates> StatesOfAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default) =>
        PartitionStates.Of((await _kafka.AskTopicsAsync(cancellation).ConfigureAwait(false)).Where(topic => topics.Contains(topic.Topic)));

    /// <summary>Every group of consumers, by id.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, of one of the brokers either.</exception>
    public async Task<IReadOnlyList<GroupDescription>> ListGroupsAsync(CancellationToken cancellation = default)
    {
        var found = await FindGroupsAsync(cancellation).ConfigureAwait(false);
        return found.Silent.Count == 0 ? found.Groups : throw KafkaUnavailableException.Silent(_kafka.Bootstrap, found.Silent);
    }

    /// <summary>As <see cref="ListGroupsAsync"/>; brokers that do not answer are a part of the answer.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<GroupList> FindGroupsAsync(CancellationToken cancellation = default)
    {
        var metadata = await _kafka.AskMetadataAsync(cancellation).ConfigureAwait(false);
        var partitions = PartitionStates.Of(UserTopics(KafkaQuestions.TopicsOf(metadata)));
        var bounds = Offsets.FindBoundsAsync(partitions);
        var asked = _kafka.AskGroupsAsync(metadata.Brokers, cancellation);
        await Task.WhenAll(bounds, asked).ConfigureAwait(false);
        var ((starts, ends), found) = (await bounds.ConfigureAwait(false), await asked.ConfigureAwait(false));
        var described = new List<GroupDescription>();
        foreach (var group in found.Groups.Where(IsOfConsumers).OrderBy(group => group.Group, StringComparer.Ordinal))
        {
            var committed = await Offsets.CommittedAsync(group.Group, partitions.All).ConfigureAwait(false);
            described.Add(GroupReading.Describe(group, committed, partitions, starts, ends));
        }
        return new GroupList(described, found.Silent);
    }

    /// <summary>Which partitions of the topics that exist among <paramref name="topics"/> the group's members read.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or the group may not be looked at.</exception>
    public async Task<GroupReaders> ReadersAsync(
        string groupId, IReadOnlyCollection<string> topics, CancellationToken cancellation = default)
    {
        var metadata = await _kafka.AskMetadataAsync(cancellation).ConfigureAwait(false);
        var partitions = KafkaQuestions.PartitionsOf(KafkaQuestions.TopicsOf(metadata).Where(topic => topics.Contains(topic.Topic)));
        var group = await _kafka.AskGroupAsync(groupId, metadata.Brokers, cancellation).ConfigureAwait(false);
        var read = group?.Members.SelectMany(GroupReading.PartitionsOf) ?? [];
        return new GroupReaders(group?.State == Stable, partitions, read.ToHashSet());
    }

    public void Dispose() => _kafka.Dispose();

    /// <summary>
    /// Kafka Connect and registries of schemas share out other things than partitions. A group that only commits offsets has no type.
    /// </summary>
    static bool IsOfConsumers(GroupInfo group) => group.ProtocolType is "consumer" or "";

    static List<TopicMetadata> UserTopics(IEnumerable<TopicMetadata> topics) =>
        [.. topics.Where(topic => !InternalTopics.Contains(topic.Topic))];
}
