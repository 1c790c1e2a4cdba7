using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

/// <summary>KIP-345: members with a group.instance.id.</summary>
public sealed class StaticMemberTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_static_member_joins_without_asking_for_an_id()
    {
        var joined = _groups.Join(instanceId: "a");
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        Assert.StartsWith("a-", joined.Now().MemberId);
        Assert.Equal("a", joined.Now().Members.Single().GroupInstanceId);
    }

    [Fact]
    public void A_follower_that_restarts_takes_its_old_place_without_a_rebalance_and_fences_the_old_process()
    {
        // 1. Two static members are stable; b restarts and forgets its member id.
        var (a, b) = FormStablePair();
        var back = _groups.Join(instanceId: "b").Now();
        Assert.Equal((ErrorCode.None, 1, a.MemberId, false), (back.Error, back.GenerationId, back.Leader, back.SkipAssignment));
        Assert.NotEqual(b.MemberId, back.MemberId);
        Assert.Equal("Stable", _groups.Describe().State);

        // 2. It gets the assignment it had. The leader has noticed nothing.
        Assert.Equal("1"u8.ToArray(), _groups.Sync(back, instanceId: "b").Now().Assignment.ToArray());
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(a, "a"));

        // 3. Whatever the old process asks, it is fenced.
        Assert.Equal(ErrorCode.FencedInstanceId, _groups.Heartbeat(b, "b"));
        Assert.Equal(ErrorCode.FencedInstanceId, _groups.Sync(b, instanceId: "b").Now().Error);
        Assert.Equal(ErrorCode.FencedInstanceId, _groups.Join(b.MemberId, "b").Now().Error);
        Assert.Equal(ErrorCode.FencedInstanceId, _groups.Leave(b.MemberId, "b"));
        Assert.Equal(ErrorCode.FencedInstanceId, _groups.Commit(1, generationId: 1, memberId: b.MemberId, instanceId: "b"));
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat(b));
    }

    [Fact]
    public void A_leader_that_restarts_is_told_to_skip_the_assignment()
    {
        var (a, b) = FormStablePair();
        var back = _groups.Join(instanceId: "a").Now();
        Assert.Equal((back.MemberId, true), (back.Leader, back.SkipAssignment));
        Assert.Equal(new HashSet<string> { back.MemberId, b.MemberId }, back.Members.Select(member => member.MemberId).ToHashSet());
        Assert.Equal("0"u8.ToArray(), _groups.Sync(back, instanceId: "a").Now().Assignment.ToArray());
        Assert.NotEqual(a.MemberId, back.MemberId);
    }

    [Fact]
    public void A_leader_that_restarts_with_a_client_before_version_9_takes_itself_for_a_follower()
    {
        var (a, _) = FormStablePair();
        var back = _groups.Join(instanceId: "a", version: 8).Now();
        Assert.Equal((a.MemberId, false), (back.Leader, back.SkipAssignment));
        Assert.Empty(back.Members);
    }

    [Fact]
    public void A_member_that_comes_back_with_other_abilities_that_change_the_vote_starts_a_rebalance()
    {
        var only = _groups.Join(instanceId: "a", protocols: ["range", "sticky"]);
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        _groups.SyncAll(only.Now());
        var back = _groups.Join(instanceId: "a", protocols: ["sticky", "range"]).Now();
        Assert.Equal((2, "sticky"), (back.GenerationId, back.ProtocolName));
    }

    [Fact]
    public void A_member_that_comes_back_while_the_assignment_is_awaited_starts_the_rebalance_over()
    {
        var first = _groups.Join(instanceId: "a");
        var second = _groups.Join(instanceId: "b");
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        var waiting = _groups.Sync(second.Now(), instanceId: "b");

        var back = _groups.Join(instanceId: "b");

        Assert.Equal(ErrorCode.FencedInstanceId, waiting.Now().Error);
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(first.Now(), "a"));
        Assert.Equal(2, _groups.Join(first.Now().MemberId, "a").Now().GenerationId);
        Assert.Equal(2, back.Now().GenerationId);
    }

    [Fact]
    public void A_static_member_that_does_not_rejoin_keeps_its_place_until_its_session_ends()
    {
        // 1. The follower rejoins with another subscription; the leader is away, but heartbeats in time.
        var (a, b) = FormStablePair();
        var rejoined = _groups.Join(b.MemberId, "b", topics: ["t", "u"]);
        for (var waited = TimeSpan.Zero; waited < GroupFixture.RebalanceTimeout; waited += TimeSpan.FromSeconds(5))
        {
            Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(a, "a"));
            _groups.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        // 2. The rebalance timeout has passed: the follower leads, the other is still a member.
        Assert.Equal((2, b.MemberId, 2), (rejoined.Now().GenerationId, rejoined.Now().Leader, rejoined.Now().Members.Count));

        // 3. It stays silent for its session timeout, and is gone.
        _groups.Clock.Advance(GroupFixture.SessionTimeout - TimeSpan.FromMilliseconds(1));
        _groups.Heartbeat(rejoined.Now(), "b");
        _groups.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(_groups.Describe().Members);
    }

    [Fact]
    public async Task A_rebalance_timeout_of_zero_waits_for_static_members_without_spinning()
    {
        // 1. Both come back with no time to rejoin; then one is taken out, and the other does not rejoin.
        FormStablePair();
        _groups.Join(instanceId: "a", rebalanceTimeout: TimeSpan.Zero).Now();
        _groups.Join(instanceId: "b", rebalanceTimeout: TimeSpan.Zero).Now();
        _groups.Leave("", "b");

        // 2. Time goes on, and its session ends. A deadline that is always due would keep the clock, and a processor, for ever.
        await Task.Run(() => _groups.Clock.Advance(GroupFixture.SessionTimeout * 2)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("Empty", _groups.Describe().State);
    }

    [Fact]
    public void An_admin_client_removes_a_static_member_by_its_instance_id()
    {
        FormStablePair();
        Assert.Equal(ErrorCode.None, _groups.Leave("", "b"));
        Assert.Equal("a", Assert.Single(_groups.Describe().Members).GroupInstanceId);
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Leave("", "b"));
    }

    (JoinGroupResponse A, JoinGroupResponse B) FormStablePair()
    {
        var a = _groups.Join(instanceId: "a");
        var b = _groups.Join(instanceId: "b");
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        var waiting = _groups.Sync(b.Now(), instanceId: "b");
        _groups.Sync(a.Now(), [(a.Now().MemberId, "0"), (b.Now().MemberId, "1")], "a").Now();
        Assert.Equal(ErrorCode.None, waiting.Now().Error);
        return (a.Now(), b.Now());
    }
}
