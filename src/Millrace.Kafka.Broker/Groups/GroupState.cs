namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// The states of a group (Apache Kafka, group-coordinator/src/main/java/org/apache/kafka/coordinator/group/classic/ClassicGroupState.java;
/// where its comments and GroupMetadataManager.java disagree, the code was followed). Names are those on the wire.
/// </summary>
enum GroupState
{
    /// <summary>
    /// No members; kept for its committed offsets, until they expire. Groups that only ever commit offsets are always here.
    /// <code>
    /// JoinGroup     first member joins                    SyncGroup, Heartbeat, LeaveGroup   UNKNOWN_MEMBER_ID
    /// OffsetCommit  with generation -1 only
    /// next:  a member joins => PreparingRebalance         deleted, or the last offset expires => Dead
    /// </code>
    /// </summary>
    Empty,

    /// <summary>
    /// Collecting the members of the next generation.
    /// <code>
    /// JoinGroup     parked until all members have joined  SyncGroup   REBALANCE_IN_PROGRESS
    /// Heartbeat     REBALANCE_IN_PROGRESS, session restarts
    /// LeaveGroup    member removed                        OffsetCommit  taken from the generation that ends
    /// next:  all have joined, or the rebalance timeout has passed => CompletingRebalance, or Empty where nobody is left
    /// </code>
    /// </summary>
    PreparingRebalance,

    /// <summary>
    /// The generation is there, its assignment is not: the leader is working it out.
    /// <code>
    /// JoinGroup     same metadata: the answer once more, else a rebalance
    /// SyncGroup     parked until the leader's arrives     Heartbeat   fine, session restarts
    /// LeaveGroup    member removed, rebalance             OffsetCommit  REBALANCE_IN_PROGRESS
    /// next:  the leader's SyncGroup => Stable             a member joins, leaves, dies or never syncs => PreparingRebalance
    /// </code>
    /// </summary>
    CompletingRebalance,

    /// <summary>
    /// Every member can have its assignment.
    /// <code>
    /// JoinGroup     follower with the same metadata: the current generation; leader, new member or new metadata: a rebalance;
    ///               known static member with a new member id takes the old one's place without a rebalance
    /// SyncGroup     the assignment                        Heartbeat   fine, session restarts
    /// LeaveGroup    member removed, rebalance             OffsetCommit  taken from members of this generation
    /// next:  a member joins, leaves, dies or never syncs => PreparingRebalance
    /// </code>
    /// </summary>
    Stable,

    /// <summary>
    /// Removed from the coordinator; whoever still holds it answers COORDINATOR_NOT_AVAILABLE and the client asks again. No way out.
    /// </summary>
    Dead,
}

/// <summary>Which state may follow which.</summary>
static class GroupStates
{
    public static bool MayBecome(this GroupState current, GroupState next) => next switch
    {
        GroupState.Empty => current is GroupState.PreparingRebalance,
        GroupState.PreparingRebalance => current is GroupState.Empty or GroupState.CompletingRebalance or GroupState.Stable,
        GroupState.CompletingRebalance => current is GroupState.PreparingRebalance,
        GroupState.Stable => current is GroupState.CompletingRebalance,
        _ => true,
    };
}
