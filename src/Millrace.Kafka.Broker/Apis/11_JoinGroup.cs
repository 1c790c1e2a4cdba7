using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// JoinGroup, versions 0 to 9.
// Makes the client a member of the group's next generation and answers when that generation begins: when all members have joined, or the time for
// it has passed. The leader is told all members, to assign; the others are told who leads. What each state does with it: Groups/GroupState.cs.
// From version 4 a new dynamic member first gets an id with MEMBER_ID_REQUIRED and comes back with it (KIP-394). Static members: KIP-345.
// Version 9 tells a leader that only restarted to leave the assignment alone (KIP-814).
//
// Differs from Apache Kafka: no group.max.size.
//
// MEMBER_ID_REQUIRED            join again with the member id in this answer
// INVALID_GROUP_ID              empty
// INVALID_SESSION_TIMEOUT       outside of 6 s to 30 min
// INCONSISTENT_GROUP_PROTOCOL   another protocol type than the group's, or no protocol that all members know
// UNKNOWN_MEMBER_ID             an id that this group does not know (any more)
// FENCED_INSTANCE_ID            another process has taken this static member's place
// REBALANCE_IN_PROGRESS         this member has joined once more, by another connection, and that one waits
// COORDINATOR_NOT_AVAILABLE     the group was removed in this moment: join again
static class JoinGroupApi
{
    public static async ValueTask HandleAsync(RequestContext context)
    {
        var joined = JoinAsync(context);
        var response = await joined.WaitAsync(context.Connection.Aborted).ConfigureAwait(false);
        response.Write(context.Response, context.Version);
    }

    static Task<JoinGroupResponse> JoinAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = JoinGroupRequest.Read(ref reader, context.Version);
        var client = new GroupClient(context.ClientId, GroupClient.HostOf(context.Connection.Peer));
        return context.Broker.Groups.JoinAsync(request, client, context.Version);
    }
}
