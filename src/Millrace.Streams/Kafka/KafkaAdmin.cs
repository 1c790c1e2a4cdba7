using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Looks at topics and groups of any Kafka; changes nothing. Owns one client; safe from any thread. Every question is bounded in time.</summary>
public sealed class KafkaAdmin : IDisposable
{
    /// <summary>What Kafka keeps for itself: INTERNAL_TOPICS in clients/src/main/java/org/apache/kafka/common/internals/Topic.java. Other names may begin like these.</summary>
    static readonly string[] InternalTopics = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

    readonly StandEndpoints _endpoints;
    readonly TimeSpan _limit;
    readonly ClientTrouble _trouble = new();
    readonly IAdminClient _client;

    /// <param name="limit">How long to wait for an answer; <see cref="KafkaClientProperties.AnswerLimit"/> unless given.</param>
    /// <exception cref="LibrdkafkaMissingException">Kafka's client library is not installed.</exception>
    public KafkaAdmin(StandEndpoints endpoints, TimeSpan? limit = null)
    {
        _endpoints = endpoints;
        _limit = limit ?? KafkaClientProperties.AnswerLimit;
        _client = AdminClient.Create(endpoints, _trouble);
    }

    /// <summary>Every topic that is not Kafka's own, by name.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public Task<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellation = default) => Task.Run(ListTopics, cancellation);

    /// <summary>The partitions of the topics that exist among <paramref name="topics"/>.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public IReadOnlyList<TopicPartition> PartitionsOf(IReadOnlyCollection<string> topics) =>
        [.. Partitions(Topics().Where(topic => topics.Contains(topic.Topic)))];

    /// <summary>Every group, by id.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    public Task<IReadOnlyList<GroupDescription>> ListGroupsAsync(CancellationToken cancellation = default) => Task.Run(ListGroups, cancellation);

    public void Dispose() => _client.Dispose();

    IReadOnlyList<TopicDescription> ListTopics()
    {
        var topics = UserTopics();
        var partitions = Partitions(topics);
        using var reader = new OffsetReader(_endpoints, OffsetReader.NoGroup, _limit);
        var (starts, ends) = (reader.LogStartOffsets(partitions), reader.LogEndOffsets(partitions));
        return [.. topics.Select(topic => new TopicDescription(topic.Topic, [.. topic.Partitions.OrderBy(partition => partition.PartitionId).Select(Describe(topic.Topic))]))];

        Func<PartitionMetadata, PartitionDescription> Describe(string topic) => partition =>
        {
            var key = new TopicPartition(topic, partition.PartitionId);
            return new PartitionDescription(partition.PartitionId, partition.Leader, partition.Replicas, partition.InSyncReplicas, starts[key], ends[key]);
        };
    }

    IReadOnlyList<GroupDescription> ListGroups()
    {
        var groups = Ask(() => _client.ListGroups(_limit));
        var partitions = Partitions(UserTopics());
        using var reader = new OffsetReader(_endpoints, OffsetReader.NoGroup, _limit);
        var (starts, ends) = (reader.LogStartOffsets(partitions), reader.LogEndOffsets(partitions));
        return [.. groups.OrderBy(group => group.Group, StringComparer.Ordinal).Select(group => GroupReading.Describe(group, Committed(group.Group, partitions), starts, ends))];
    }

    IReadOnlyDictionary<TopicPartition, long> Committed(string groupId, IReadOnlyList<TopicPartition> partitions)
    {
        using var reader = new OffsetReader(_endpoints, groupId, _limit);
        return reader.CommittedOffsets(partitions);
    }

    List<TopicMetadata> UserTopics() => [.. Topics().Where(topic => !InternalTopics.Contains(topic.Topic))];

    IEnumerable<TopicMetadata> Topics() => Ask(() => _client.GetMetadata(_limit)).Topics.OrderBy(topic => topic.Topic, StringComparer.Ordinal);

    static List<TopicPartition> Partitions(IEnumerable<TopicMetadata> topics) =>
        [.. topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))];

    T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (KafkaException e)
        {
            throw e.Error.IsLocalError
                ? _trouble.ToException(_endpoints.Kafka, _limit, e)
                : KafkaUnavailableException.Refused(_endpoints.Kafka, "a question about itself", e.Error.Reason, e);
        }
    }
}
