using System.Text;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupSyncTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_follower_waits_for_the_leader_and_each_gets_its_share()
    {
        var (leader, follower) = JoinTwo();
        var waiting = _groups.Sync(follower);
        Assert.False(waiting.IsCompleted);

        var led = _groups.Sync(leader, [(leader.MemberId, "mine"), (follower.MemberId, "yours")]);

        Assert.Equal("mine", Text(led.Now()));
        Assert.Equal("yours", Text(waiting.Now()));
        Assert.Equal(("consumer", "range"), (waiting.Now().ProtocolType, waiting.Now().ProtocolName));
        Assert.Equal("Stable", _groups.Describe().State);
    }

    [Fact]
    public void A_follower_that_syncs_after_the_leader_gets_its_share_at_once()
    {
        var (leader, follower) = JoinTwo();
        _groups.Sync(leader, [(follower.MemberId, "yours")]).Now();
        Assert.Equal("yours", Text(_groups.Sync(follower).Now()));
        Assert.Equal("yours", Text(_groups.Sync(follower).Now()));
    }

    [Fact]
    public void A_member_the_leader_forgot_gets_an_empty_share()
    {
        var (leader, follower) = JoinTwo();
        _groups.Sync(leader, [(leader.MemberId, "all"), ("stranger", "x")]).Now();
        var share = _groups.Sync(follower).Now();
        Assert.Equal((ErrorCode.None, ""), (share.Error, Text(share)));
    }

    [Fact]
    public void A_newcomer_sends_the_waiting_follower_back_to_join()
    {
        var (_, follower) = JoinTwo();
        var waiting = _groups.Sync(follower);
        _ = _groups.JoinAsNew();
        Assert.Equal(ErrorCode.RebalanceInProgress, waiting.Now().Error);
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Sync(follower).Now().Error);
    }

    [Fact]
    public void A_leader_that_never_syncs_is_dropped_after_the_rebalance_timeout_and_the_group_goes_on()
    {
        // 1. The follower syncs and waits; the leader only heartbeats.
        var (leader, follower) = JoinTwo();
        var waiting = _groups.Sync(follower);
        for (var waited = TimeSpan.Zero; waited < GroupFixture.RebalanceTimeout; waited += TimeSpan.FromSeconds(5))
        {
            Assert.False(waiting.IsCompleted);
            Assert.Equal(ErrorCode.None, _groups.Heartbeat(leader));
            _groups.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        // 2. It is told to join again, alone.
        Assert.Equal(ErrorCode.RebalanceInProgress, waiting.Now().Error);
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat(leader));
        var next = _groups.Join(follower.MemberId).Now();
        Assert.Equal((2, follower.MemberId), (next.GenerationId, next.Leader));
    }

    [Fact]
    public void A_follower_that_never_syncs_is_dropped_from_the_stable_group()
    {
        var (leader, follower) = JoinTwo();
        _groups.Sync(leader).Now();
        for (var waited = TimeSpan.Zero; waited < GroupFixture.RebalanceTimeout; waited += TimeSpan.FromSeconds(5))
        {
            Assert.Equal(ErrorCode.None, _groups.Heartbeat(leader));
            Assert.Equal(ErrorCode.None, _groups.Heartbeat(follower));
            _groups.Clock.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat(follower));
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(leader));
    }

    [Fact]
    public void A_sync_is_refused_for_what_is_wrong_with_it()
    {
        var (leader, _) = JoinTwo();
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Sync(leader with { MemberId = "stranger" }).Now().Error);
        Assert.Equal(ErrorCode.IllegalGeneration, _groups.Sync(leader with { GenerationId = 7 }).Now().Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _groups.Sync(leader with { ProtocolName = "sticky" }).Now().Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _groups.Sync(leader with { ProtocolType = "connect" }).Now().Error);
        Assert.Equal(ErrorCode.None, _groups.Sync(leader with { ProtocolName = null, ProtocolType = null }).Now().Error);
    }

    [Fact]
    public async Task An_unknown_or_empty_group_is_refused()
    {
        var request = new SyncGroupRequest("nobody", 1, "m", null, null, null, []);
        Assert.Equal(ErrorCode.UnknownMemberId, (await _groups.Coordinator.SyncAsync(request)).Error);
        Assert.Equal(ErrorCode.InvalidGroupId, (await _groups.Coordinator.SyncAsync(request with { GroupId = "" })).Error);
    }

    (JoinGroupResponse Leader, JoinGroupResponse Follower) JoinTwo()
    {
        var first = _groups.JoinAsNew().Joined;
        var second = _groups.JoinAsNew().Joined;
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        return (first.Now(), second.Now());
    }

    static string Text(SyncGroupResponse response) => Encoding.UTF8.GetString(response.Assignment.Span);
}
