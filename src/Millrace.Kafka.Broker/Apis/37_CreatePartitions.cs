using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// CreatePartitions, versions 0 to 3 (KIP-195). Adds partitions to topics; the new ones take records when the answer comes.
//
// UNKNOWN_TOPIC_OR_PARTITION   no such topic
// INVALID_PARTITIONS           not more partitions than there are, or too many
// INVALID_REPLICA_ASSIGNMENT   an assignment that does not put each new partition on this broker
// INVALID_REQUEST              a topic named twice
// POLICY_VIOLATION             the process may not have so many files open
// KAFKA_STORAGE_ERROR          the disk refused
static class CreatePartitionsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = CreatePartitionsRequest.Read(ref reader, context.Version);
        var topics = request.Topics.GroupBy(topic => topic.Name).Select(same => same.Count() == 1
            ? Answer(same.Key, Create(context.Broker, same.First(), request.ValidateOnly))
            : new(same.Key, ErrorCode.InvalidRequest, "the topic is named twice"));
        new CreatePartitionsResponse([.. topics]).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static TopicResult Create(BrokerState broker, CreatePartitionsRequest.Topic topic, bool validateOnly)
    {
        var added = topic.Count - (broker.Topics.Find(topic.Name)?.Partitions.Count ?? 0);
        if (added > 0 && topic.Assignments is { } assignments
            && (assignments.Length != added || !assignments.All(brokerIds => brokerIds is [BrokerState.NodeId])))
        {
            return TopicResult.Failed(
                ErrorCode.InvalidReplicaAssignment, $"an assignment must put each of the {added} new partitions on broker {BrokerState.NodeId} alone");
        }
        return broker.Topics.AddPartitions(topic.Name, topic.Count, validateOnly);
    }

    static CreatePartitionsResponse.Topic Answer(string name, TopicResult result) => new(name, result.Error, result.Message);
}
