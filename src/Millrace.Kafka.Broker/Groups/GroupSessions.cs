using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Heartbeats, and what follows when they stop (Apache Kafka, GroupMetadataManager.java: classicGroupHeartbeat,
/// expireClassicGroupMemberHeartbeat).
/// </summary>
/// <remarks>Every method is called with the group's lock held.</remarks>
sealed class GroupSessions(Rebalance rebalance, ILogger logger)
{
    public static ErrorCode Heartbeat(Group group, HeartbeatRequest request)
    {
        if (group.State == GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
        var error = group.Check(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != group.GenerationId) return ErrorCode.IllegalGeneration;
        var member = group.Find(request.MemberId)!;
        member.Session.Restart(member);
        return group.State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    public MemberSession NewSession(Group group) => new(group.NewTimer(), member => Expire(group, member));

    /// <summary>A member as it was before the broker restarted. Its session starts anew: nobody could be heard meanwhile.</summary>
    public GroupMember Restore(Group group, StoredMember stored)
    {
        var member = new GroupMember(stored.MemberId, stored.InstanceId, stored.Client)
        {
            Session = NewSession(group),
            SessionTimeout = TimeSpan.FromMilliseconds(stored.SessionTimeoutMs),
            RebalanceTimeout = TimeSpan.FromMilliseconds(stored.RebalanceTimeoutMs),
            Protocols = stored.Protocols,
            Assignment = stored.Assignment,
        };
        member.Session.Restart(member);
        return member;
    }

    /// <summary>Keeps a place for a member that was told to join again with this id (KIP-394).</summary>
    public void AddPending(Group group, string memberId, TimeSpan sessionTimeout)
    {
        var forget = group.NewTimer();
        group.PendingMembers.Add(memberId, forget);
        forget.Set(sessionTimeout, () =>
        {
            TryRemovePending(group, memberId);
            rebalance.CompleteIfEveryoneJoined(group);
        });
    }

    public static bool TryRemovePending(Group group, string memberId)
    {
        if (!group.PendingMembers.Remove(memberId, out var forget)) return false;
        forget.Dispose();
        return true;
    }

    void Expire(Group group, GroupMember member)
    {
        // Who waits for the coordinator can't heartbeat; the answer restarts the session.
        if (!member.IsNew && (member.IsAwaitingJoin || member.IsAwaitingSync)) return;
        logger.MemberRemoved(group.Id, member.Id, "its session timed out");
        group.Remove(member);
        rebalance.StartOrAdvance(group, "a member's session timed out");
    }
}
