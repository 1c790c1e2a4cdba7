using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DeleteTopics, versions 1 to 6; by id from version 6 (KIP-516).
// The topic, its records and its committed offsets are gone when the answer comes, and stay gone after the end of the process.
//
// UNKNOWN_TOPIC_OR_PARTITION   no topic of that name
// UNKNOWN_TOPIC_ID             no topic with that id
// INVALID_REQUEST              neither or both of name and id
// KAFKA_STORAGE_ERROR          the disk refused
static class DeleteTopicsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DeleteTopicsRequest.Read(ref reader, context.Version);
        var topics = Array.ConvertAll(request.Topics, topic => Delete(context.Broker, topic));
        new DeleteTopicsResponse(topics).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static DeleteTopicsResponse.Topic Delete(BrokerState broker, DeleteTopicsRequest.Topic topic)
    {
        if (topic.Name is null == (topic.Id == Guid.Empty))
            return new(topic.Name, topic.Id, ErrorCode.InvalidRequest, "a topic is named either by its name or by its id");
        var found = topic.Name is { } name ? broker.Topics.Find(name) : broker.Topics.Find(topic.Id);
        if (found is null && topic.Name is null) return new(null, topic.Id, ErrorCode.UnknownTopicId, "there is no topic with this id");
        var result = broker.Topics.Delete(found?.Name ?? topic.Name!);
        return new(found?.Name ?? topic.Name, found?.Id ?? Guid.Empty, result.Error, result.Message);
    }
}
