using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;
using static Millrace.Kafka.Protocol.Messages.IncrementalAlterConfigsRequest;

namespace Millrace.Kafka.Broker.Apis;

// IncrementalAlterConfigs, versions 0 and 1 (KIP-339). Changes some settings of a topic and leaves the others; they count from the answer
// on, and survive the end of the process. Of one resource all changes are made or none.
//
// Differs from Apache Kafka: the broker's own settings can't be changed while it runs.
//
// UNKNOWN_TOPIC_OR_PARTITION   no such topic
// INVALID_CONFIG               a config that is not known, a value that it does not take, or a list's operation on what is no list
// INVALID_REQUEST              a resource or a config named twice, a resource that is no topic, no value to set, an unknown operation
// KAFKA_STORAGE_ERROR          the disk refused
static class IncrementalAlterConfigsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = IncrementalAlterConfigsRequest.Read(ref reader, context.Version);
        var results = request.Resources.GroupBy(resource => (resource.Type, resource.Name)).Select(same => Answer(
            same.First(),
            same.Count() == 1
                ? Alter(context.Broker, same.First(), request.ValidateOnly)
                : TopicResult.Failed(ErrorCode.InvalidRequest, "the resource is named twice")));
        new IncrementalAlterConfigsResponse([.. results]).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static TopicResult Alter(BrokerState broker, Resource resource, bool validateOnly)
    {
        if (resource.Type != ConfigResourceType.Topic)
            return TopicResult.Failed(ErrorCode.InvalidRequest, "only the configs of topics can be changed while the broker runs");
        if (resource.Changes.DistinctBy(change => change.Name).Count() < resource.Changes.Length)
            return TopicResult.Failed(ErrorCode.InvalidRequest, "a config is named twice");
        var wrong = resource.Changes.FirstOrDefault(
            change => !Enum.IsDefined(change.Operation) || (change.Operation != AlterConfigOp.Delete && change.Value is null));
        return wrong is null
            ? broker.Topics.Configure(resource.Name, resource.Changes, validateOnly)
            : TopicResult.Failed(ErrorCode.InvalidRequest, $"topic config '{wrong.Name}' has no value, or an operation that is not known");
    }

    static IncrementalAlterConfigsResponse.Result Answer(Resource resource, TopicResult result) =>
        new(result.Error, result.Message, resource.Type, resource.Name);
}
