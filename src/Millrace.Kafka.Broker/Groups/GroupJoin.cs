using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Whom JoinGroup lets in, and when that means a rebalance (Apache Kafka, GroupMetadataManager.java: classicGroupJoinToClassicGroup and
/// what it calls).
/// </summary>
/// <remarks>Every method is called with the group's lock held.</remarks>
sealed class GroupJoin(Rebalance rebalance, GroupSessions sessions, GroupStore store, ILogger logger)
{
    public Task<JoinGroupResponse> JoinAsync(Group group, Joining joining)
    {
        if (group.State == GroupState.Dead) return joining.RefuseAsync(ErrorCode.CoordinatorNotAvailable);
        if (!CanAgree(group, joining)) return joining.RefuseAsync(ErrorCode.InconsistentGroupProtocol);
        return joining.MemberId.Length == 0 ? JoinWithoutIdAsync(group, joining) : JoinWithIdAsync(group, joining);
    }

    static bool CanAgree(Group group, Joining joining) => group.State == GroupState.Empty
        ? joining.ProtocolType.Length > 0 && joining.Protocols.Length > 0
        : group.ProtocolType == joining.ProtocolType && ProtocolVote.CanAgree(group.Members, joining.Protocols);

    Task<JoinGroupResponse> JoinWithoutIdAsync(Group group, Joining joining)
    {
        if (joining.InstanceId is { } instanceId)
            return group.FindStatic(instanceId) is { } known
                ? ComeBackAsync(group, known, joining)
                : AddAsync(group, joining, joining.NewMemberId());
        var memberId = joining.NewMemberId();
        if (!joining.RequiresKnownMemberId) return AddAsync(group, joining, memberId);
        sessions.AddPending(group, memberId, joining.SessionTimeout);
        return Task.FromResult(JoinGroupResponse.Failed(ErrorCode.MemberIdRequired, memberId));
    }

    Task<JoinGroupResponse> JoinWithIdAsync(Group group, Joining joining)
    {
        if (GroupSessions.TryRemovePending(group, joining.MemberId)) return AddAsync(group, joining, joining.MemberId);
        var error = group.Check(joining.MemberId, joining.InstanceId);
        return error == ErrorCode.None ? RejoinAsync(group, group.Find(joining.MemberId)!, joining) : joining.RefuseAsync(error);
    }

    Task<JoinGroupResponse> RejoinAsync(Group group, GroupMember member, Joining joining)
    {
        if (ChangesNothing(group, member, joining)) return Task.FromResult(Rebalance.CurrentGeneration(group, member));
        return UpdateAsync(group, member, joining, group.IsLeader(member) ? "the leader rejoins" : "a member rejoins");
    }

    /// <summary>
    /// In CompletingRebalance the member has missed its answer. In Stable a follower may ask again, but a leader does so to start a
    /// rebalance: it knows of changes that no member's metadata shows, such as new partitions.
    /// </summary>
    static bool ChangesNothing(Group group, GroupMember member, Joining joining) => group.State switch
    {
        GroupState.CompletingRebalance => member.SpeaksExactly(joining.Protocols),
        GroupState.Stable => !group.IsLeader(member) && member.SpeaksExactly(joining.Protocols),
        _ => false,
    };

    Task<JoinGroupResponse> AddAsync(Group group, Joining joining, string memberId)
    {
        var member = new GroupMember(memberId, joining.InstanceId, joining.Client) { Session = sessions.NewSession(group), IsNew = true };
        if (group.State == GroupState.PreparingRebalance) group.NewMemberAdded = true;
        group.Add(member, joining.ProtocolType);
        var answer = ParkAsync(member, joining);
        member.Session.StartForNewMember(member);
        rebalance.StartOrAdvance(group, $"member {memberId} joins");
        return answer;
    }

    Task<JoinGroupResponse> UpdateAsync(Group group, GroupMember member, Joining joining, string reason)
    {
        var answer = ParkAsync(member, joining);
        rebalance.StartOrAdvance(group, reason);
        return answer;
    }

    static Task<JoinGroupResponse> ParkAsync(GroupMember member, Joining joining)
    {
        member.Protocols = joining.Protocols;
        member.SessionTimeout = joining.SessionTimeout;
        member.RebalanceTimeout = joining.RebalanceTimeout;
        return member.ParkJoinAsync();
    }

    /// <summary>
    /// A static member has restarted and forgotten its id (KIP-345). In Stable it gets the old one's place and no rebalance happens, unless
    /// what it can do now would change the vote. Elsewhere a leader may be assigning to the old id, so the rebalance starts over.
    /// </summary>
    Task<JoinGroupResponse> ComeBackAsync(Group group, GroupMember member, Joining joining)
    {
        var oldLeaderId = group.LeaderId;
        var oldMemberId = member.Id;
        group.Replace(member, joining.NewMemberId());
        logger.StaticMemberReplaced(group.Id, joining.InstanceId!, oldMemberId, member.Id);
        var answer = ParkAsync(member, joining);
        member.Session.Restart(member);
        if (TryKeepGeneration(group)) member.AnswerJoin(GoOn(group, member, oldLeaderId, joining.SupportsSkipAssignment));
        else rebalance.StartOrAdvance(group, $"static member {member.InstanceId} came back");
        return answer;
    }

    bool TryKeepGeneration(Group group) =>
        group.State == GroupState.Stable
        && ProtocolVote.Select(group.Members) == group.ProtocolName
        && store.TryApply(new GroupSaved(group.ToMetadata()));

    /// <summary>
    /// A leader that came back must not assign anew. Since version 9 it is told so and gets the members, to watch their topics (KIP-814);
    /// before, it is told the leader's old id, takes itself for a follower, and asks for its assignment.
    /// </summary>
    static JoinGroupResponse GoOn(Group group, GroupMember member, string? oldLeaderId, bool supportsSkipAssignment)
    {
        var current = Rebalance.CurrentGeneration(group, member);
        return supportsSkipAssignment
            ? current with { SkipAssignment = group.IsLeader(member) }
            : current with { Leader = oldLeaderId ?? "", Members = [] };
    }
}
