using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// CreateTopics, versions 2 to 7. Each topic succeeds or fails by itself; one that is answered without an error survives the end of the process
// and takes records at once. A partition count of -1 is num.partitions, a replication factor of -1 is 1 (KIP-464).
//
// Differs from Apache Kafka: only topic configs that this broker honours are taken (Topics/TopicConfigKey.cs); compaction is not among them.
// Names that differ only in '.' and '_' are both allowed: nothing here confuses them.
//
// INVALID_TOPIC_EXCEPTION      the name can't be a topic's
// TOPIC_ALREADY_EXISTS         it exists
// INVALID_PARTITIONS           0, below -1 or too many partitions
// INVALID_REPLICATION_FACTOR   other than 1: there is one broker
// INVALID_REPLICA_ASSIGNMENT   an assignment that is not partitions 0, 1, 2... on this broker
// INVALID_CONFIG               a config that is unknown or has a value that can't be kept
// INVALID_REQUEST              a topic named twice, or an assignment beside a partition count
// POLICY_VIOLATION             the process may not have so many files open
// KAFKA_STORAGE_ERROR          the disk refused
static class CreateTopicsApi
{
    const short ReplicationFactor = 1;

    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = CreateTopicsRequest.Read(ref reader, context.Version);
        var twice = request.Topics.CountBy(topic => topic.Name).Where(count => count.Value > 1).Select(count => count.Key).ToHashSet();
        var topics = request.Topics.DistinctBy(topic => topic.Name).Select(topic => twice.Contains(topic.Name)
            ? Failed(topic, ErrorCode.InvalidRequest, "the topic is named twice")
            : Create(context.Broker, topic, request.ValidateOnly));
        new CreateTopicsResponse([.. topics]).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static CreateTopicsResponse.Topic Create(BrokerState broker, CreateTopicsRequest.Topic topic, bool validateOnly)
    {
        if (Refusal(topic) is var (error, message)) return Failed(topic, error, message);
        var partitions = topic.Assignments.Length > 0 ? topic.Assignments.Length
            : topic.PartitionCount == -1 ? broker.Options.DefaultPartitions
            : topic.PartitionCount;
        var configs = Overrides(topic);
        var result = broker.Topics.Create(topic.Name, partitions, configs, validateOnly);
        if (result.Error != ErrorCode.None) return Failed(topic, result.Error, result.Message);
        var id = result.Topic?.Id ?? Guid.Empty;
        return new(topic.Name, id, ErrorCode.None, null, partitions, ReplicationFactor, Describe(new(configs, broker.Options)));
    }

    static (ErrorCode Error, string Message)? Refusal(CreateTopicsRequest.Topic topic)
    {
        if (topic.Assignments.Length == 0)
        {
            return topic.ReplicationFactor is -1 or ReplicationFactor
                ? null
                : (ErrorCode.InvalidReplicationFactor, $"the replication factor is 1 on a single broker, not {topic.ReplicationFactor}");
        }
        if (topic.PartitionCount != -1 || topic.ReplicationFactor != -1)
            return (ErrorCode.InvalidRequest, "with an assignment, partition count and replication factor must be -1");
        var inOrder = topic.Assignments.OrderBy(a => a.PartitionIndex).Select((a, i) => a.PartitionIndex == i && a.BrokerIds is [BrokerState.NodeId]);
        return inOrder.All(ok => ok)
            ? null
            : (ErrorCode.InvalidReplicaAssignment, $"an assignment must put partitions 0, 1, 2... on broker {BrokerState.NodeId} alone");
    }

    /// <summary>A config without a value is as good as not set.</summary>
    static Dictionary<string, string> Overrides(CreateTopicsRequest.Topic topic)
    {
        var overrides = new Dictionary<string, string>();
        foreach (var config in topic.Configs)
        {
            if (config.Value is { } value) overrides[config.Name] = value;
        }
        return overrides;
    }

    static CreateTopicsResponse.Config[] Describe(TopicConfig config) =>
        [.. TopicConfigKey.All.Select(key => new CreateTopicsResponse.Config(key.Name, config.Value(key), config.Source(key)))];

    static CreateTopicsResponse.Topic Failed(CreateTopicsRequest.Topic topic, ErrorCode error, string? message) =>
        new(topic.Name, Guid.Empty, error, message, PartitionCount: -1, ReplicationFactor: -1, Configs: null);
}
