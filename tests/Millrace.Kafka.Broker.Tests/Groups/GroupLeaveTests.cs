using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupLeaveTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_leader_that_leaves_is_followed_by_the_one_that_stays()
    {
        var members = _groups.FormStableGroup(2);
        Assert.Equal(ErrorCode.None, _groups.Leave(members[0].MemberId));
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(members[1]));
        var next = _groups.Join(members[1].MemberId).Now();
        Assert.Equal((2, members[1].MemberId, 1), (next.GenerationId, next.Leader, next.Members.Count));
    }

    [Fact]
    public void The_last_member_that_leaves_empties_the_group()
    {
        var member = _groups.FormStableGroup(1).Single();
        Assert.Equal(ErrorCode.None, _groups.Leave(member.MemberId));
        Assert.Equal(("Empty", "consumer"), (_groups.Describe().State, _groups.Describe().ProtocolType));
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Leave(member.MemberId));
    }

    [Fact]
    public void A_rebalance_stops_waiting_for_who_left()
    {
        var members = _groups.FormStableGroup(3);
        var first = _groups.Join(members[0].MemberId);
        var second = _groups.Join(members[1].MemberId);
        Assert.False(first.IsCompleted);
        Assert.Equal(ErrorCode.None, _groups.Leave(members[2].MemberId));
        Assert.Equal(2, first.Now().Members.Count);
        Assert.Equal(2, second.Now().GenerationId);
    }

    [Fact]
    public void Who_leaves_while_its_join_is_parked_is_told_so()
    {
        var members = _groups.FormStableGroup(2);
        var parked = _groups.Join(members[0].MemberId);
        _groups.Leave(members[0].MemberId);
        Assert.Equal(ErrorCode.UnknownMemberId, parked.Now().Error);
    }

    [Fact]
    public void Who_leaves_while_its_sync_is_parked_is_told_so()
    {
        var joined = new[] { _groups.JoinAsNew().Joined, _groups.JoinAsNew().Joined };
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        var parked = _groups.Sync(joined[1].Now());
        _groups.Leave(joined[1].Now().MemberId);
        Assert.Equal(ErrorCode.UnknownMemberId, parked.Now().Error);
    }

    [Fact]
    public void An_id_that_never_joined_may_leave_without_disturbing_the_members()
    {
        _groups.FormStableGroup(1);
        var pending = _groups.Join().Now().MemberId;
        Assert.Equal(ErrorCode.None, _groups.Leave(pending));
        Assert.Equal("Stable", _groups.Describe().State);
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Join(pending).Now().Error);
    }

    [Fact]
    public void An_id_that_never_joined_may_leave_an_empty_group()
    {
        var pending = _groups.Join().Now().MemberId;
        Assert.Equal(ErrorCode.None, _groups.Leave(pending));
        Assert.Equal("Empty", _groups.Describe().State);
    }

    [Fact]
    public void Several_members_leave_at_once_each_with_its_own_result()
    {
        var members = _groups.FormStableGroup(2);
        var response = _groups.Coordinator.Leave(new LeaveGroupRequest(
            GroupFixture.Group, [new(members[0].MemberId, null), new("stranger", null), new(members[1].MemberId, null)]));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None], response.Members.Select(member => member.Error));
        Assert.Equal("Empty", _groups.Describe().State);
    }

    [Fact]
    public void An_unknown_group_answers_for_each_member_and_an_empty_id_for_all()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Leave("m"));
        Assert.Equal(ErrorCode.InvalidGroupId, _groups.Coordinator.Leave(new LeaveGroupRequest("", [new("m", null)])).Error);
    }
}
