using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupSessionTests : IAsyncDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_silent_follower_times_out_and_the_others_share_what_it_had()
    {
        // 1. The leader heartbeats, the follower is silent for its session timeout.
        var members = _groups.FormStableGroup(2);
        _groups.Clock.Advance(GroupFixture.SessionTimeout - Tick);
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(members[0]));
        _groups.Clock.Advance(Tick);

        // 2. The leader is sent to join again and is alone.
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(members[0]));
        var alone = _groups.Join(members[0].MemberId).Now();
        Assert.Equal((2, 1), (alone.GenerationId, alone.Members.Count));
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat(members[1]));
    }

    [Fact]
    public void A_silent_leader_times_out_and_the_follower_leads()
    {
        var members = _groups.FormStableGroup(2);
        _groups.Clock.Advance(GroupFixture.SessionTimeout - Tick);
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(members[1]));
        _groups.Clock.Advance(Tick);
        var next = _groups.Join(members[1].MemberId).Now();
        Assert.Equal(members[1].MemberId, next.Leader);
    }

    [Fact]
    public void A_commit_counts_as_a_heartbeat()
    {
        var member = _groups.FormStableGroup(1).Single();
        for (var i = 0; i < 10; i++)
        {
            _groups.Clock.Advance(GroupFixture.SessionTimeout - Tick);
            Assert.Equal(ErrorCode.None, _groups.Commit(member, i));
        }
        Assert.Equal("Stable", _groups.Describe().State);
    }

    [Fact]
    public void The_last_silent_member_leaves_an_empty_group_that_keeps_its_offsets()
    {
        var member = _groups.FormStableGroup(1).Single();
        _groups.Commit(member, 42);
        _groups.Clock.Advance(GroupFixture.SessionTimeout);
        Assert.Equal("Empty", _groups.Describe().State);
        Assert.Equal(42, _groups.Committed());
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat(member));
    }

    [Fact]
    public void A_member_parked_in_a_join_does_not_time_out()
    {
        var members = _groups.FormStableGroup(2);
        var parked = _groups.Join(members[0].MemberId);
        for (var waited = TimeSpan.Zero; waited < GroupFixture.SessionTimeout * 3; waited += TimeSpan.FromSeconds(5))
        {
            _groups.Heartbeat(members[1]);
            _groups.Clock.Advance(TimeSpan.FromSeconds(5));
        }
        var other = _groups.Join(members[1].MemberId);
        Assert.Equal((2, 2), (parked.Now().GenerationId, parked.Now().Members.Count));
        Assert.Equal(2, other.Now().GenerationId);
    }

    [Fact]
    public void Heartbeats_are_answered_by_state()
    {
        // 1. CompletingRebalance: fine, though there is no assignment yet.
        var (_, joined) = _groups.JoinAsNew();
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        var member = joined.Now();
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(member));

        // 2. Stable.
        _groups.SyncAll(member);
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(member));
        Assert.Equal(ErrorCode.IllegalGeneration, _groups.Heartbeat(member.MemberId, 0));
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat("stranger", 1));

        // 3. PreparingRebalance: join again.
        _ = _groups.JoinAsNew();
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(member));
    }

    [Fact]
    public void An_unknown_or_empty_group_is_refused()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat("m", 1));
        Assert.Equal(ErrorCode.InvalidGroupId, _groups.Coordinator.Heartbeat(new HeartbeatRequest("", 1, "m", null)));
    }
}
