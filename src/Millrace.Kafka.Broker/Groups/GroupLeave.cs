using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Members that go of their own will, or are sent away by an admin client (Apache Kafka, GroupMetadataManager.java:
/// classicGroupLeaveToClassicGroup).
/// </summary>
/// <remarks>Every method is called with the group's lock held.</remarks>
sealed class GroupLeave(Rebalance rebalance, ILogger logger)
{
    public LeaveGroupResponse Leave(Group group, LeaveGroupRequest request)
    {
        if (group.State == GroupState.Dead) return new LeaveGroupResponse(ErrorCode.CoordinatorNotAvailable, []);
        var membersBefore = group.Members.Count;
        var results = request.Members
            .Select(leaving => new LeaveGroupResponse.Member(leaving.MemberId, leaving.GroupInstanceId, Remove(group, leaving)))
            .ToArray();
        if (group.Members.Count < membersBefore) rebalance.StartOrAdvance(group, "members left");
        else rebalance.CompleteIfEveryoneJoined(group); // perhaps it waited for a pending member only
        return new LeaveGroupResponse(ErrorCode.None, results);
    }

    public static LeaveGroupResponse LeaveUnknownGroup(LeaveGroupRequest request) => new(
        ErrorCode.None,
        [.. request.Members.Select(member => new LeaveGroupResponse.Member(member.MemberId, member.GroupInstanceId, ErrorCode.UnknownMemberId))]);

    ErrorCode Remove(Group group, LeaveGroupRequest.Member leaving)
    {
        if (GroupSessions.TryRemovePending(group, leaving.MemberId)) return ErrorCode.None;
        var memberId = Resolve(group, leaving);
        var error = group.Check(memberId, leaving.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        logger.MemberRemoved(group.Id, memberId, "it left");
        group.Remove(group.Find(memberId)!);
        return ErrorCode.None;
    }

    /// <summary>Who names only an instance means whoever has its place now.</summary>
    static string Resolve(Group group, LeaveGroupRequest.Member leaving) =>
        leaving is { MemberId.Length: 0, GroupInstanceId: { } instanceId } && group.FindStatic(instanceId) is { } known ? known.Id : leaving.MemberId;
}
