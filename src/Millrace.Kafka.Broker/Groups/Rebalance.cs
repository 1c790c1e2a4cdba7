using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Takes a group from one generation to the next: waits for its members to join, answers them, and waits for them to sync (Apache Kafka,
/// GroupMetadataManager.java: prepareRebalance, completeClassicGroupJoin, expirePendingSync).
/// </summary>
/// <remarks>Every method is called with the group's lock held.</remarks>
sealed class Rebalance(TimeSpan initialDelay, GroupStore store, ILogger logger)
{
    /// <summary>
    /// Pause between two looks for a static member that has rejoined, where the members allow none: a deadline that is always due spins.
    /// </summary>
    static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For a change in who is a member, or in what one can do: starts a rebalance, or completes the join of the one that runs if nobody
    /// else is waited for.
    /// </summary>
    public void StartOrAdvance(Group group, string reason)
    {
        if (group.State.MayBecome(GroupState.PreparingRebalance)) Prepare(group, reason);
        else CompleteIfEveryoneJoined(group);
    }

    /// <summary>For one less to wait for. An initial rebalance waits for its delay even so: others may be on their way.</summary>
    public void CompleteIfEveryoneJoined(Group group)
    {
        if (group is { State: GroupState.PreparingRebalance, IsInitialRebalance: false, HasEveryoneJoined: true }) CompleteJoin(group);
    }

    public void Prepare(Group group, string reason)
    {
        logger.GroupPreparing(group.Id, group.GenerationId, reason);
        if (group.State == GroupState.CompletingRebalance) RefuseSyncs(group, ErrorCode.RebalanceInProgress);
        group.SyncDeadline.Cancel();
        group.BecomePreparing();
        if (group.IsInitialRebalance) DelayInitialJoin(group, initialDelay, group.RebalanceTimeout - initialDelay);
        else if (group.HasEveryoneJoined) CompleteJoin(group);
        else group.JoinDeadline.Set(group.RebalanceTimeout, () => CompleteJoin(group));
    }

    /// <summary>Whoever waits for an assignment of this generation will not get it.</summary>
    public static void RefuseSyncs(Group group, ErrorCode error)
    {
        foreach (var member in group.Members)
        {
            member.Assignment = [];
            if (!member.IsAwaitingSync) continue;
            member.AnswerSync(SyncGroupResponse.Failed(error));
            member.Session.Restart(member);
        }
    }

    /// <summary>Everyone has asked for the assignment: nobody needs to be waited for.</summary>
    public static void NoteSync(Group group, GroupMember member)
    {
        group.PendingSyncs.Remove(member.Id);
        if (group.PendingSyncs.Count == 0) group.SyncDeadline.Cancel();
    }

    /// <summary>
    /// group.initial.rebalance.delay.ms, once more whenever somebody joined meanwhile, up to the rebalance timeout in all.
    /// </summary>
    void DelayInitialJoin(Group group, TimeSpan delay, TimeSpan left) => group.JoinDeadline.Set(delay, () =>
    {
        if (!group.NewMemberAdded || left <= TimeSpan.Zero)
        {
            CompleteJoin(group);
            return;
        }
        group.NewMemberAdded = false;
        var next = initialDelay < left ? initialDelay : left;
        DelayInitialJoin(group, next, left - next);
    });

    void CompleteJoin(Group group)
    {
        group.JoinDeadline.Cancel();
        // Static members keep their place until their session ends: they may be restarting (KIP-345).
        foreach (var member in group.Members.Where(member => !member.IsAwaitingJoin && !member.IsStatic).ToArray())
        {
            logger.MemberRemoved(group.Id, member.Id, "did not rejoin within the rebalance timeout");
            group.Remove(member);
        }
        if (group.Members.Count > 0 && !group.ElectJoinedLeader())
        {
            // Only static members are left and none has rejoined: their sessions will end, or they come back.
            var wait = group.RebalanceTimeout > ShortestWait ? group.RebalanceTimeout : ShortestWait;
            group.JoinDeadline.Set(wait, () => CompleteJoin(group));
            return;
        }
        group.StartNextGeneration();
        BrokerMeters.GenerationStarted();
        logger.GenerationStarted(group.Id, group.GenerationId, group.Members.Count, group.ProtocolName);
        // Should the disk refuse it, a restart finds the generation before this one: the members are unknown then and join anew.
        if (group.State == GroupState.Empty) store.TryApply(new GroupSaved(group.ToMetadata()));
        else AnswerJoins(group);
    }

    void AnswerJoins(Group group)
    {
        foreach (var member in group.Members)
        {
            member.IsNew = false;
            member.AnswerJoin(CurrentGeneration(group, member));
            member.Session.Restart(member);
            group.PendingSyncs.Add(member.Id);
        }
        group.SyncDeadline.Set(group.RebalanceTimeout, () => RemoveWhoDidNotSync(group));
    }

    void RemoveWhoDidNotSync(Group group)
    {
        foreach (var memberId in group.PendingSyncs.ToArray())
        {
            logger.MemberRemoved(group.Id, memberId, "did not sync within the rebalance timeout");
            group.Remove(group.Find(memberId)!);
        }
        Prepare(group, "members did not sync");
    }

    /// <summary>What a member that belongs to the current generation is told about it.</summary>
    public static JoinGroupResponse CurrentGeneration(Group group, GroupMember member) => new(
        ErrorCode.None, group.GenerationId, group.ProtocolType, group.ProtocolName, group.LeaderId ?? "", SkipAssignment: false,
        member.Id, group.IsLeader(member) ? DescribeToLeader(group) : []);

    static JoinGroupResponse.Member[] DescribeToLeader(Group group) =>
        [.. group.Members.Select(member => new JoinGroupResponse.Member(member.Id, member.InstanceId, member.MetadataFor(group.ProtocolName)))];
}
