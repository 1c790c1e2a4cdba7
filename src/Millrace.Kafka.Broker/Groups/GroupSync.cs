using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Takes the leader's assignment and hands each member its share (Apache Kafka, GroupMetadataManager.java: classicGroupSync).
/// </summary>
/// <remarks>Every method is called with the group's lock held.</remarks>
sealed class GroupSync(Rebalance rebalance, GroupStore store, ILogger logger)
{
    public Task<SyncGroupResponse> SyncAsync(Group group, SyncGroupRequest request)
    {
        var error = Check(group, request);
        if (error != ErrorCode.None) return Task.FromResult(SyncGroupResponse.Failed(error));
        var member = group.Find(request.MemberId)!;
        Rebalance.NoteSync(group, member);
        if (group.State == GroupState.Stable)
        {
            member.Session.Restart(member);
            return Task.FromResult(AssignmentOf(group, member));
        }
        var answer = member.ParkSyncAsync();
        if (group.IsLeader(member)) Assign(group, request.Assignments);
        return answer;
    }

    static ErrorCode Check(Group group, SyncGroupRequest request)
    {
        if (group.State == GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
        var error = group.Check(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != group.GenerationId) return ErrorCode.IllegalGeneration;
        if (request.ProtocolType is { } type && type != group.ProtocolType) return ErrorCode.InconsistentGroupProtocol;
        if (request.ProtocolName is { } name && name != group.ProtocolName) return ErrorCode.InconsistentGroupProtocol;
        return group.State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>
    /// Durable before any member hears of it: a member that has its assignment may commit, also to a broker that has restarted.
    /// </summary>
    void Assign(Group group, SyncGroupRequest.Assignment[] assignments)
    {
        foreach (var member in group.Members) member.Assignment = [];
        foreach (var assignment in assignments)
            if (group.Find(assignment.MemberId) is { } member) member.Assignment = assignment.Bytes.ToArray();
        group.BecomeStable();
        if (!store.TryApply(new GroupSaved(group.ToMetadata())))
        {
            Rebalance.RefuseSyncs(group, ErrorCode.CoordinatorNotAvailable);
            rebalance.Prepare(group, "the assignment could not be written");
            return;
        }
        logger.GroupStable(group.Id, group.GenerationId);
        foreach (var member in group.Members.Where(member => member.IsAwaitingSync))
        {
            member.AnswerSync(AssignmentOf(group, member));
            member.Session.Restart(member);
        }
    }

    static SyncGroupResponse AssignmentOf(Group group, GroupMember member) =>
        new(ErrorCode.None, group.ProtocolType, group.ProtocolName, member.Assignment);
}
