using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class OffsetExpiryTests : IAsyncDisposable
{
    static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(10);

    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_group_that_only_commits_loses_each_offset_its_retention_after_the_commit()
    {
        _groups.Commit(1, "t");
        _groups.Clock.Advance(GroupFixture.Retention / 2);
        _groups.Commit(2, "u");
        _groups.Clock.Advance(GroupFixture.Retention / 2 - CheckInterval);
        Assert.Equal((1, 2), (_groups.Committed("t"), _groups.Committed("u")));
        _groups.Clock.Advance(CheckInterval * 2);
        Assert.Equal((-1, 2), (_groups.Committed("t"), _groups.Committed("u")));
        _groups.Clock.Advance(GroupFixture.Retention / 2);
        Assert.Equal(ErrorCode.GroupIdNotFound, _groups.Describe().Error);
    }

    [Fact]
    public void A_group_that_had_members_keeps_its_offsets_for_the_retention_after_the_last_one_left()
    {
        // 1. Committed long before the member leaves.
        var member = _groups.FormStableGroup(1).Single();
        _groups.Commit(member, 1);
        Live(member, GroupFixture.Retention * 2);
        Assert.Equal(1, _groups.Committed());

        // 2. The time counts from when the group is empty, also over a restart.
        _groups.Leave(member.MemberId);
        _groups.Clock.Advance(GroupFixture.Retention - CheckInterval);
        Assert.Equal(1, _groups.Committed());
        _groups.KillAndRestart();
        _groups.Clock.Advance(CheckInterval * 2);
        Assert.Equal(-1, _groups.Committed());
        Assert.Equal(ErrorCode.GroupIdNotFound, _groups.Describe().Error);
    }

    [Fact]
    public void A_stable_group_loses_only_what_nobody_subscribes_to_any_more()
    {
        _groups.Commit(1, "t");
        _groups.Commit(2, "u");
        var member = _groups.FormStableGroup(1).Single();
        Live(member, GroupFixture.Retention + CheckInterval);
        Assert.Equal((1, -1), (_groups.Committed("t"), _groups.Committed("u")));
    }

    [Fact]
    public void A_stable_group_whose_subscriptions_nobody_can_know_loses_nothing()
    {
        var refused = _groups.Join(protocolType: "connect").Now();
        var joined = _groups.Join(refused.MemberId, protocolType: "connect");
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        var member = joined.Now();
        _groups.SyncAll(member);
        _groups.Commit(member, 1);
        Live(member, GroupFixture.Retention + CheckInterval);
        Assert.Equal(1, _groups.Committed());
    }

    [Fact]
    public void A_retention_time_of_the_clients_own_is_honoured()
    {
        _groups.Commit(1, "t", retentionMs: (long)TimeSpan.FromHours(1).TotalMilliseconds);
        _groups.Commit(2, "u");
        _groups.Clock.Advance(TimeSpan.FromHours(1) + CheckInterval);
        Assert.Equal((-1, 2), (_groups.Committed("t"), _groups.Committed("u")));
    }

    [Fact]
    public void A_group_with_neither_members_nor_offsets_goes_at_the_next_check()
    {
        var member = _groups.FormStableGroup(1).Single();
        _groups.Leave(member.MemberId);
        _groups.Clock.Advance(CheckInterval);
        Assert.Equal(ErrorCode.GroupIdNotFound, _groups.Describe().Error);
        _groups.KillAndRestart();
        Assert.Equal(ErrorCode.GroupIdNotFound, _groups.Describe().Error);
    }

    void Live(Millrace.Kafka.Protocol.Messages.JoinGroupResponse member, TimeSpan time)
    {
        for (var lived = TimeSpan.Zero; lived < time; lived += GroupFixture.SessionTimeout * 0.9)
        {
            Assert.Equal(ErrorCode.None, _groups.Heartbeat(member));
            _groups.Clock.Advance(GroupFixture.SessionTimeout * 0.9);
        }
    }
}
