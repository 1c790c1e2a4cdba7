using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupJoinTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void Two_members_join_an_empty_group_within_its_delay_and_share_its_first_generation()
    {
        // 1. Both join; nobody is answered before the initial rebalance delay has passed.
        var (firstId, first) = _groups.JoinAsNew();
        var (secondId, second) = _groups.JoinAsNew();
        Assert.Equal("PreparingRebalance", _groups.Describe().State);
        _groups.Clock.Advance(GroupFixture.InitialDelay - TimeSpan.FromMilliseconds(1));
        Assert.False(first.IsCompleted);

        // 2. The second came while the delay ran, so it runs once more; then both are in generation 1, and the first leads.
        _groups.Clock.Advance(GroupFixture.InitialDelay + TimeSpan.FromMilliseconds(1));
        Assert.Equal((ErrorCode.None, 1, firstId, "range"), (first.Now().Error, first.Now().GenerationId, first.Now().Leader, first.Now().ProtocolName));
        Assert.Equal((1, firstId, secondId), (second.Now().GenerationId, second.Now().Leader, second.Now().MemberId));

        // 3. Only the leader is told who they are.
        Assert.Equal(new HashSet<string> { firstId, secondId }, first.Now().Members.Select(member => member.MemberId).ToHashSet());
        Assert.Empty(second.Now().Members);
        Assert.Equal("CompletingRebalance", _groups.Describe().State);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    public void A_negative_rebalance_timeout_is_over_at_once_and_harms_nobody_else(int milliseconds)
    {
        var hasty = _groups.Join(version: 3, rebalanceTimeout: TimeSpan.FromMilliseconds(milliseconds));
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        Assert.Equal(ErrorCode.None, hasty.Now().Error);

        // It had no time to sync.
        Assert.Empty(_groups.Describe().Members);
        _groups.FormStableGroup(2);
    }

    [Fact]
    public void The_initial_delay_is_not_extended_past_the_rebalance_timeout()
    {
        var timeout = GroupFixture.InitialDelay * 2.5;
        var first = _groups.Join(version: 3, rebalanceTimeout: timeout);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i * TimeSpan.FromSeconds(2) >= timeout, first.IsCompleted);
            if (first.IsCompleted) return;
            _ = _groups.Join(version: 3, rebalanceTimeout: timeout);
            _groups.Clock.Advance(TimeSpan.FromSeconds(2));
        }
        Assert.Fail("the first member was never answered");
    }

    [Fact]
    public void Members_with_different_subscriptions_share_one_group()
    {
        var joined = new[] { "t", "u", "v" }.Select(topic => _groups.JoinAsNew([topic]).Joined).ToArray();
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        var members = joined.Select(task => task.Now()).ToArray();
        var leader = members.Single(member => member.MemberId == member.Leader);

        Assert.Equal(
            new HashSet<string> { "t", "u", "v" },
            leader.Members.Select(member => Broker.Groups.ConsumerSubscription.ReadTopics(member.Metadata.ToArray())!.Single()).ToHashSet());
        _groups.SyncAll(members);
        Assert.Equal(ErrorCode.None, _groups.Commit(members[1], 5, "u"));
        Assert.Equal(5, _groups.Committed("u"));
    }

    [Fact]
    public void A_client_before_version_4_joins_without_asking_for_an_id()
    {
        var joined = _groups.Join(version: 3);
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        Assert.Equal(ErrorCode.None, joined.Now().Error);
        Assert.StartsWith("client-", joined.Now().MemberId);
    }

    [Fact]
    public void A_rebalance_waits_for_an_id_that_was_given_out_until_its_session_timeout()
    {
        // 1. A stable group; a newcomer gets an id and does not come back with it.
        var leader = _groups.FormStableGroup(1).Single();
        Assert.Equal(ErrorCode.MemberIdRequired, _groups.Join().Now().Error);
        Assert.Equal("Stable", _groups.Describe().State);

        // 2. The leader rejoins: it is not answered while the newcomer may come.
        var rejoined = _groups.Join(leader.MemberId);
        Assert.False(rejoined.IsCompleted);

        // 3. The id expires.
        _groups.Clock.Advance(GroupFixture.SessionTimeout);
        Assert.Equal(2, rejoined.Now().GenerationId);
    }

    [Fact]
    public void A_member_that_does_not_rejoin_within_the_rebalance_timeout_is_dropped()
    {
        var members = _groups.FormStableGroup(2);
        var rejoined = _groups.Join(members[0].MemberId);

        // The other one only heartbeats.
        for (var waited = TimeSpan.Zero; waited < GroupFixture.RebalanceTimeout; waited += TimeSpan.FromSeconds(5))
        {
            Assert.False(rejoined.IsCompleted);
            Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(members[1]));
            _groups.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(2, rejoined.Now().GenerationId);
        Assert.Single(rejoined.Now().Members);
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Heartbeat(members[1]));
    }

    [Fact]
    public void A_leader_that_rejoins_a_stable_group_starts_a_rebalance_though_nothing_changed()
    {
        var members = _groups.FormStableGroup(2);
        Assert.False(_groups.Join(members[0].MemberId).IsCompleted);
        Assert.Equal("PreparingRebalance", _groups.Describe().State);
    }

    [Fact]
    public void A_follower_that_rejoins_a_stable_group_with_the_same_metadata_gets_the_current_generation()
    {
        var members = _groups.FormStableGroup(2);
        var rejoined = _groups.Join(members[1].MemberId).Now();
        Assert.Equal((1, members[0].MemberId), (rejoined.GenerationId, rejoined.Leader));
        Assert.Equal("Stable", _groups.Describe().State);
    }

    [Fact]
    public void A_follower_that_rejoins_a_stable_group_with_another_subscription_starts_a_rebalance()
    {
        var members = _groups.FormStableGroup(2);
        Assert.False(_groups.Join(members[1].MemberId, topics: ["t", "u"]).IsCompleted);
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Heartbeat(members[0]));
    }

    [Fact]
    public void A_member_that_missed_its_answer_gets_it_again_while_the_assignment_is_awaited()
    {
        var (id, first) = _groups.JoinAsNew();
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        var again = _groups.Join(id).Now();
        Assert.Equivalent(first.Now(), again, strict: true);
        Assert.Equal("CompletingRebalance", _groups.Describe().State);
    }

    [Fact]
    public void Who_joins_again_over_another_connection_is_answered_there()
    {
        var (id, lost) = _groups.JoinAsNew();
        var retried = _groups.Join(id);
        Assert.Equal(ErrorCode.RebalanceInProgress, lost.Now().Error);
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        Assert.Equal((ErrorCode.None, 1), (retried.Now().Error, retried.Now().GenerationId));
        Assert.Single(retried.Now().Members);
    }

    [Fact]
    public void The_protocol_most_members_prefer_among_those_all_know_is_taken()
    {
        var first = _groups.JoinAsNew(protocols: ["sticky", "range", "roundrobin"]).Joined;
        _ = _groups.JoinAsNew(protocols: ["roundrobin", "range"]);
        _ = _groups.JoinAsNew(protocols: ["roundrobin", "range"]);
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        Assert.Equal("roundrobin", first.Now().ProtocolName);
    }

    [Fact]
    public void Who_shares_no_protocol_with_the_members_is_refused()
    {
        _groups.FormStableGroup(1);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _groups.Join(protocols: ["sticky"]).Now().Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _groups.Join(protocolType: "connect").Now().Error);
        Assert.Equal("Stable", _groups.Describe().State);
    }

    [Fact]
    public void Who_offers_no_protocol_can_found_no_group() =>
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _groups.Join(protocols: []).Now().Error);

    [Theory]
    [InlineData(5_999)]
    [InlineData(1_800_001)]
    public void A_session_timeout_out_of_bounds_is_refused(int milliseconds) =>
        Assert.Equal(ErrorCode.InvalidSessionTimeout, _groups.Join(sessionTimeout: TimeSpan.FromMilliseconds(milliseconds)).Now().Error);

    [Fact]
    public void An_empty_group_id_is_refused() => Assert.Equal(ErrorCode.InvalidGroupId, _groups.Join(group: "").Now().Error);

    [Fact]
    public void A_member_id_that_nobody_was_given_is_refused()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Join("stranger").Now().Error);
        _groups.FormStableGroup(1);
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Join("stranger").Now().Error);
    }

    [Fact]
    public void A_new_member_that_waits_for_its_first_answer_is_given_up_after_five_minutes()
    {
        // 1. A member with a very long rebalance timeout keeps the rebalance open.
        var first = _groups.Join(version: 3, rebalanceTimeout: TimeSpan.FromHours(1), sessionTimeout: TimeSpan.FromMinutes(30));
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        _groups.SyncAll(first.Now());

        // 2. A newcomer waits for it in vain. Its own session timeout does not count: it has no id to heartbeat with.
        var newcomer = _groups.Join(version: 3);
        _groups.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(newcomer.IsCompleted);
        _groups.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ErrorCode.UnknownMemberId, newcomer.Now().Error);
    }
}
