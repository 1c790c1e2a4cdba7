using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// OffsetDelete, version 0 (KIP-496). Forgets committed offsets of a group, one partition at a time.
//
// GROUP_SUBSCRIBED_TO_TOPIC    per partition: a member of the group reads this topic
// UNKNOWN_TOPIC_OR_PARTITION   per partition: it is not there
// NON_EMPTY_GROUP              the members are no consumers: nothing is known of what they read
// GROUP_ID_NOT_FOUND           there is no such group
// COORDINATOR_NOT_AVAILABLE    the disk did not take it; nothing was deleted
static class OffsetDeleteApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        context.Broker.Groups.DeleteOffsets(OffsetDeleteRequest.Read(ref reader)).Write(context.Response);
        return ValueTask.CompletedTask;
    }
}
