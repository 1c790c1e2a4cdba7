using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// LeaveGroup, versions 0 to 5; several members at once from version 3 (KIP-345).
// Removes members; those that stay share what they had after one rebalance. Admin clients remove a static member by its instance id alone.
//
// UNKNOWN_MEMBER_ID           per member: not a member, or there is no such group
// FENCED_INSTANCE_ID          per member: another process has this static member's place
// INVALID_GROUP_ID            empty
// COORDINATOR_NOT_AVAILABLE   the group was removed in this moment: ask again
static class LeaveGroupApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = LeaveGroupRequest.Read(ref reader, context.Version);
        context.Broker.Groups.Leave(request).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
