using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// Metadata, versions 0 to 13.
// Names the broker, and the topics asked for: all of them, some by name, or some by id (KIP-516). A name that is not there is created when both
// the broker (auto.create.topics.enable) and the client (since version 4) allow it; an id never is.
//
// Differs from Apache Kafka: a topic created by this very request is in its answer and takes records at once. Apache Kafka answers
// UNKNOWN_TOPIC_OR_PARTITION first, and there is a moment when a named leader refuses records, which an idempotent producer can't always get over.
//
// UNKNOWN_TOPIC_OR_PARTITION   no such topic, and it may not be created
// UNKNOWN_TOPIC_ID             no topic with that id
// INVALID_TOPIC_EXCEPTION      the name can't be a topic's
// KAFKA_STORAGE_ERROR          the topic is not there, and the disk refused to create it
// POLICY_VIOLATION             the topic is not there, and the process may not have so many files open
// LEADER_NOT_AVAILABLE         the partition is offline since trouble with the disk
static class MetadataApi
{
    static readonly Dictionary<string, string> NoConfigs = [];

    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = MetadataRequest.Read(ref reader, context.Version);
        var topics = request.Topics is { } wanted
            ? wanted.Select(topic => Describe(context, topic, request.AllowAutoTopicCreation))
            : context.Broker.Topics.All.Select(Describe);
        var broker = new MetadataResponse.Broker(BrokerState.NodeId, context.Connection.Advertised.Host, context.Connection.Advertised.Port);
        new MetadataResponse([broker], context.Broker.ClusterId, BrokerState.NodeId, [.. topics]).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static MetadataResponse.Topic Describe(RequestContext context, MetadataRequest.Topic wanted, bool mayCreate)
    {
        var broker = context.Broker;
        if (wanted.IsById)
            return broker.Topics.Find(wanted.Id) is { } byId ? Describe(byId) : new(ErrorCode.UnknownTopicId, null, wanted.Id, []);
        var name = wanted.Name ?? "";
        if (broker.Topics.Find(name) is { } byName) return Describe(byName);
        if (TopicName.Refusal(name) is not null) return new(ErrorCode.InvalidTopicException, name, Guid.Empty, []);
        if (!mayCreate || !broker.Options.AutoCreateTopics)
        {
            broker.AbsentTopics.Tell(name, context.ClientId);
            return new(ErrorCode.UnknownTopicOrPartition, name, Guid.Empty, []);
        }
        var created = broker.Topics.Create(name, broker.Options.DefaultPartitions, NoConfigs);
        return created.Topic is { } topic ? Describe(topic) : new(created.Error, name, Guid.Empty, []);
    }

    static MetadataResponse.Topic Describe(Topic topic) =>
        new(ErrorCode.None, topic.Name, topic.Id, [.. topic.Partitions.Select(Describe)]);

    static MetadataResponse.Partition Describe(PartitionLog log, int index) => log.IsOffline
        ? new(ErrorCode.LeaderNotAvailable, index, LeaderId: -1, log.LeaderEpoch, BrokerState.Replicas, OfflineReplicas: BrokerState.Replicas)
        : new(ErrorCode.None, index, BrokerState.NodeId, log.LeaderEpoch, BrokerState.Replicas, OfflineReplicas: []);
}
