using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Streams.Kafka;

/// <summary>Looks at topics and groups of any Kafka; changes nothing. Owns one client; safe from any thread. Every question is bounded in time.</summary>
public sealed class KafkaAdmin : IDisposable
{
    /// <summary>What Kafka keeps for itself: INTERNAL_TOPICS in clients/src/main/java/org/apache/kafka/common/internals/Topic.java. Other names may begin like these.</summary>
    static readonly string[] InternalTopics = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

    readonly KafkaQuestions _kafka;

    /// <param name="limit">How long to wait for an answer; <see cref="KafkaClientProperties.AnswerLimit"/> unless given.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public KafkaAdmin(StandEndpoints endpoints, TimeSpan? limit = null)
    {
        _kafka = new KafkaQuestions(endpoints, limit ?? KafkaClientProperties.AnswerLimit);
        Offsets = new OffsetReader(_kafka);
    }

    public OffsetReader Offsets { get; }

    /// <summary>Every topic that is not Kafka's own, by name.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellation = default)
    {
        var topics = await UserTopicsAsync(cancellation).ConfigureAwait(false);
        var (starts, ends) = await BoundsAsync(Partitions(topics)).ConfigureAwait(false);
        return [.. topics.Select(topic => new TopicDescription(topic.Topic, [.. topic.Partitions.OrderBy(partition => partition.PartitionId).Select(Describe(topic.Topic))]))];

        Func<PartitionMetadata, PartitionDescription> Describe(string topic) => partition =>
        {
            var key = new TopicPartition(topic, partition.PartitionId);
            return new PartitionDescription(partition.PartitionId, partition.Leader, partition.Replicas, partition.InSyncReplicas, starts[key], ends[key]);
        };
    }

    /// <summary>The partitions of the topics that exist among <paramref name="topics"/>.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<IReadOnlyList<TopicPartition>> PartitionsOfAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default) =>
        Partitions((await TopicsAsync(cancellation).ConfigureAwait(false)).Where(topic => topics.Contains(topic.Topic)));

    /// <summary>Every group of consumers, by id.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public async Task<IReadOnlyList<GroupDescription>> ListGroupsAsync(CancellationToken cancellation = default)
    {
        var groups = await GroupsAsync(cancellation).ConfigureAwait(false);
        var partitions = Partitions(await UserTopicsAsync(cancellation).ConfigureAwait(false));
        var (starts, ends) = await BoundsAsync(partitions).ConfigureAwait(false);
        var described = new List<GroupDescription>();
        foreach (var group in groups.OrderBy(group => group.GroupId, StringComparer.Ordinal))
            described.Add(GroupReading.Describe(group, await Offsets.CommittedAsync(group.GroupId, partitions).ConfigureAwait(false), starts, ends));
        return described;
    }

    /// <summary>Which partitions of the topics that exist among <paramref name="topics"/> the group's members read.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or the group may not be looked at.</exception>
    public async Task<GroupReaders> ReadersAsync(
        string groupId, IReadOnlyCollection<string> topics, CancellationToken cancellation = default)
    {
        var partitions = await PartitionsOfAsync(topics, cancellation).ConfigureAwait(false);
        var group = (await DescribeGroupsAsync([groupId]).ConfigureAwait(false)).Single();
        var read = group.Members.SelectMany(member => member.Assignment.TopicPartitions).ToHashSet();
        return new GroupReaders(group.State == ConsumerGroupState.Stable, partitions, read);
    }

    public void Dispose() => _kafka.Dispose();

    /// <summary>
    /// By the old call, which blocks its thread, and not by ListConsumerGroupsAsync: where that one gets no answer, Confluent.Kafka 2.16.0 frees librdkafka's error
    /// twice (extractListConsumerGroupsResults of its AdminClient.cs), and the process dies.
    /// </summary>
    async Task<IReadOnlyList<ConsumerGroupDescription>> GroupsAsync(CancellationToken cancellation)
    {
        var listed = await _kafka.AskAsync(
            "ListGroups", client => Task.Run(() => client.ListGroups(_kafka.Limit), cancellation)).ConfigureAwait(false);
        var ids = listed.Where(GroupReading.IsOfConsumers).Select(group => group.Group).ToList();
        return ids.Count == 0 ? [] : await DescribeGroupsAsync(ids).ConfigureAwait(false);
    }

    async Task<IReadOnlyList<ConsumerGroupDescription>> DescribeGroupsAsync(IEnumerable<string> ids)
    {
        var options = new DescribeConsumerGroupsOptions { RequestTimeout = _kafka.Limit };
        var asked = _kafka.AskAsync("DescribeGroups", client => client.DescribeConsumerGroupsAsync(ids, options));
        var described = await asked.ConfigureAwait(false);
        return described.ConsumerGroupDescriptions;
    }

    async Task<(IReadOnlyDictionary<TopicPartition, long> Starts, IReadOnlyDictionary<TopicPartition, long> Ends)> BoundsAsync(IReadOnlyList<TopicPartition> partitions) =>
        (await Offsets.LogStartsAsync(partitions).ConfigureAwait(false), await Offsets.LogEndsAsync(partitions).ConfigureAwait(false));

    async Task<List<TopicMetadata>> UserTopicsAsync(CancellationToken cancellation) =>
        [.. (await TopicsAsync(cancellation).ConfigureAwait(false)).Where(topic => !InternalTopics.Contains(topic.Topic))];

    /// <summary>The client's one call for all topics blocks its thread.</summary>
    async Task<IEnumerable<TopicMetadata>> TopicsAsync(CancellationToken cancellation)
    {
        var metadata = await _kafka.AskAsync("Metadata", client => Task.Run(() => client.GetMetadata(_kafka.Limit), cancellation)).ConfigureAwait(false);
        return metadata.Topics.OrderBy(topic => topic.Topic, StringComparer.Ordinal);
    }

    static List<TopicPartition> Partitions(IEnumerable<TopicMetadata> topics) =>
        [.. topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))];
}
