using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// OffsetCommit, versions 2 to 9.
// Keeps the next offset a group will read of each partition. Partitions fail one by one; those without an error are on disk before the answer.
// Generation -1 without a member (admin clients, partitions assigned by hand) is taken while the group has no members, and founds the group.
// A member's commit also counts as a heartbeat. retention_time_ms (up to version 4) is honoured; later the broker's setting decides (KIP-211).
//
// Differs from Apache Kafka: no __consumer_offsets topic; see Groups/GroupJournal.cs.
//
// UNKNOWN_TOPIC_OR_PARTITION   the partition is not there
// OFFSET_METADATA_TOO_LARGE    more than 4096 characters
// UNKNOWN_MEMBER_ID            not a member, or nobody's commit while the group has members
// ILLEGAL_GENERATION           of an earlier generation; or, before version 9, of a group that is not there
// FENCED_INSTANCE_ID           another process has taken this static member's place (KIP-345)
// REBALANCE_IN_PROGRESS        this generation has no assignment yet
// GROUP_ID_NOT_FOUND           since version 9: there is no such group
// COORDINATOR_NOT_AVAILABLE    the disk did not take it; nothing was committed
static class OffsetCommitApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = OffsetCommitRequest.Read(ref reader, context.Version);
        context.Broker.Groups.CommitOffsets(request, context.Version).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
