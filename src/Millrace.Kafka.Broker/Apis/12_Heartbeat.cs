using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// Heartbeat, versions 0 to 4.
// Keeps a member's session alive, and tells it when to join again.
//
// REBALANCE_IN_PROGRESS       join again; the session is kept alive all the same
// ILLEGAL_GENERATION          the group has gone on without this member's having joined
// UNKNOWN_MEMBER_ID           not a member (any more): join as a new one
// FENCED_INSTANCE_ID          another process has taken this static member's place (KIP-345)
// INVALID_GROUP_ID            empty
// COORDINATOR_NOT_AVAILABLE   the group was removed in this moment: ask again
static class HeartbeatApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = HeartbeatRequest.Read(ref reader, context.Version);
        new HeartbeatResponse(context.Broker.Groups.Heartbeat(request)).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
