using Millrace.Kafka.Protocol.Messages;
using Millrace.Kafka.Protocol.Tests.Golden;

namespace Millrace.Kafka.Protocol.Tests.Messages;

/// <summary>
/// What requests to a group coordinator say in the versions that changed their shape. Answers: the recorded exchanges of the broker's
/// tests.
/// </summary>
public sealed class GroupRequestTests
{
    [Fact]
    public void JoinGroup_before_version_1_takes_the_session_timeout_for_the_rebalance_timeout()
    {
        Assert.Equal(10_000, Read<JoinGroupRequest>(ApiKey.JoinGroup, 0).RebalanceTimeoutMs);
        Assert.Equal(60_000, Read<JoinGroupRequest>(ApiKey.JoinGroup, 1).RebalanceTimeoutMs);
    }

    [Fact]
    public void OffsetCommit_has_a_retention_time_up_to_version_4_and_a_leader_epoch_since_version_6()
    {
        Assert.Equal(3_600_000, Read<OffsetCommitRequest>(ApiKey.OffsetCommit, 4).RetentionTimeMs);
        Assert.Equal(-1, Read<OffsetCommitRequest>(ApiKey.OffsetCommit, 5).RetentionTimeMs);
        var partition = Read<OffsetCommitRequest>(ApiKey.OffsetCommit, 6).Topics[0].Partitions[0];
        Assert.Equal(new OffsetCommitRequest.Partition(0, 5, 3, "here"), partition);
    }

    [Fact]
    public void OffsetFetch_of_one_group_and_of_several_read_alike()
    {
        var single = Assert.Single(Read<OffsetFetchRequest>(ApiKey.OffsetFetch, 7).Groups);
        Assert.Equal(("only", "t"), (single.GroupId, single.Topics![0].Name));
        Assert.Equal([0, 1, 5], single.Topics[0].Partitions);
        Assert.Equivalent(single, Read<OffsetFetchRequest>(ApiKey.OffsetFetch, 8).Groups[0], strict: true);
    }

    [Fact]
    public void LeaveGroup_of_one_member_and_of_several_read_alike()
    {
        Assert.Null(Assert.Single(Read<LeaveGroupRequest>(ApiKey.LeaveGroup, 2).Members).GroupInstanceId);
        Assert.Equal(["inst", "nobody"], Read<LeaveGroupRequest>(ApiKey.LeaveGroup, 5).Members.Select(member => member.GroupInstanceId));
    }

    [Fact]
    public void FindCoordinator_has_one_key_before_version_4_and_a_list_since()
    {
        Assert.Equal(["g"], Read<FindCoordinatorRequest>(ApiKey.FindCoordinator, 3).Keys);
        Assert.Equal(["g", "h"], Read<FindCoordinatorRequest>(ApiKey.FindCoordinator, 4).Keys);
    }

    static T Read<T>(ApiKey apiKey, short version) =>
        (T)RequestReaders.ReadFrame(GoldenFrame.Find("answered-by-apache-4.3.1", apiKey, version).Bytes, apiKey, version).Request;
}
