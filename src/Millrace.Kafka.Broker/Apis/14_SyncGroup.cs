using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// SyncGroup, versions 0 to 5.
// Brings the leader's assignment and gets each member its share; answers when the leader's request is there. Assignments are bytes to the broker.
// A member the leader forgot gets none. The stable group is on disk before anyone is answered.
//
// UNKNOWN_MEMBER_ID             not a member (any more)
// ILLEGAL_GENERATION            of an earlier generation
// REBALANCE_IN_PROGRESS         join again
// INCONSISTENT_GROUP_PROTOCOL   since version 5: not what the group agreed on (KIP-559)
// FENCED_INSTANCE_ID            another process has taken this static member's place (KIP-345)
// INVALID_GROUP_ID              empty
// COORDINATOR_NOT_AVAILABLE     the disk did not take the assignment, and the group rebalances; or the group was removed in this moment
static class SyncGroupApi
{
    public static async ValueTask HandleAsync(RequestContext context)
    {
        var synced = SyncAsync(context);
        var response = await synced.WaitAsync(context.Connection.Aborted).ConfigureAwait(false);
        response.Write(context.Response, context.Version);
    }

    static Task<SyncGroupResponse> SyncAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        return context.Broker.Groups.SyncAsync(SyncGroupRequest.Read(ref reader, context.Version));
    }
}
