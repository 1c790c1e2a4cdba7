using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Groups;

/// <summary>What a kill -9 of the broker leaves of its groups.</summary>
public sealed class GroupRestartTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void Committed_offsets_are_there_after_a_kill()
    {
        _groups.Commit(1);
        _groups.Commit(7);
        _groups.Commit(3, "u", 2, group: "other");
        _groups.KillAndRestart();
        Assert.Equal((7, 3), (_groups.Committed(), _groups.Committed("u", 2, "other")));
    }

    [Fact]
    public void Members_of_a_stable_group_go_on_in_the_same_generation()
    {
        // 1. Two members, the broker dies.
        var members = _groups.FormStableGroup(2);
        _groups.Commit(members[1], 10);
        _groups.KillAndRestart();

        // 2. They notice nothing but a lost connection.
        Assert.Equal("Stable", _groups.Describe().State);
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(members[0]));
        Assert.Equal(ErrorCode.None, _groups.Commit(members[1], 11));
        Assert.Equal("1"u8.ToArray(), _groups.Sync(members[1]).Now().Assignment.ToArray());
        Assert.Equal(1, _groups.Join(members[1].MemberId).Now().GenerationId);

        // 3. Their sessions count from the restart; who stays silent is dropped.
        _groups.Clock.Advance(GroupFixture.SessionTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(members[0]));
        _groups.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var alone = _groups.Join(members[0].MemberId).Now();
        Assert.Equal((2, 1), (alone.GenerationId, alone.Members.Count));
    }

    [Fact]
    public void A_leader_that_rejoins_after_the_restart_still_leads()
    {
        var members = _groups.FormStableGroup(2);
        _groups.KillAndRestart();
        var leader = _groups.Join(members[0].MemberId);
        var follower = _groups.Join(members[1].MemberId);
        Assert.Equal((2, members[0].MemberId, 2), (leader.Now().GenerationId, leader.Now().Leader, leader.Now().Members.Count));
        _groups.SyncAll(leader.Now(), follower.Now());
    }

    [Fact]
    public void A_static_member_has_its_place_after_the_restart()
    {
        var joined = _groups.Join(instanceId: "a");
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        _groups.Sync(joined.Now(), [(joined.Now().MemberId, "mine")], "a").Now();
        var back = _groups.Join(instanceId: "a").Now();

        _groups.KillAndRestart();

        Assert.Equal(ErrorCode.FencedInstanceId, _groups.Heartbeat(joined.Now(), "a"));
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(back, "a"));
        Assert.Equal("mine"u8.ToArray(), _groups.Sync(back, instanceId: "a").Now().Assignment.ToArray());
    }

    [Fact]
    public void A_rebalance_cut_off_by_the_kill_leaves_the_generation_before_it()
    {
        var member = _groups.FormStableGroup(1).Single();
        _ = _groups.Join(member.MemberId).Now();
        Assert.Equal("CompletingRebalance", _groups.Describe().State);
        _groups.KillAndRestart();
        Assert.Equal("Stable", _groups.Describe().State);
        Assert.Equal(ErrorCode.IllegalGeneration, _groups.Heartbeat(member.MemberId, 2));
        Assert.Equal(2, _groups.Join(member.MemberId).Now().GenerationId);
    }

    [Fact]
    public void Generations_of_an_emptied_group_are_not_used_again()
    {
        var member = _groups.FormStableGroup(1).Single();
        _groups.Leave(member.MemberId);
        _groups.KillAndRestart();
        Assert.Equal(3, _groups.FormStableGroup(1).Single().GenerationId);
    }

    [Fact]
    public async Task A_clean_stop_flushes_so_that_a_loss_of_power_takes_nothing()
    {
        _groups.Commit(5);
        await _groups.Coordinator.DisposeAsync();
        _groups.Disk.LosePower();
        _groups.KillAndRestart();
        Assert.Equal(5, _groups.Committed());
    }

    [Fact]
    public void A_full_disk_refuses_commits_and_forgets_nothing()
    {
        // 1. The disk fills up in the middle of a record.
        _groups.Commit(1);
        _groups.Disk.Capacity = _groups.Disk.Bytes(GroupFixture.JournalPath).Length + 10;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _groups.Commit(2));
        Assert.Equal(1, _groups.Committed());

        // 2. A restart on the full disk finds what was committed.
        _groups.KillAndRestart();
        Assert.Equal(1, _groups.Committed());
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _groups.Commit(2));

        // 3. Once there is space again commits are taken, and are there after the next restart.
        _groups.Disk.Capacity = long.MaxValue;
        Assert.Equal(ErrorCode.None, _groups.Commit(3));
        _groups.KillAndRestart();
        Assert.Equal(3, _groups.Committed());
    }

    [Fact]
    public void A_half_written_record_that_can_not_be_cut_off_at_once_is_cut_off_before_the_next()
    {
        var empty = _groups.Disk.Bytes(GroupFixture.JournalPath).Length;
        _groups.Commit(1);
        var one = _groups.Disk.Bytes(GroupFixture.JournalPath).Length - empty;
        _groups.Disk.Fails = (operation, _) => operation is "write" or "truncate";
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _groups.Commit(2, metadata: new string('m', 500)));
        _groups.Disk.Fails = (_, _) => false;
        Assert.Equal(ErrorCode.None, _groups.Commit(3));
        Assert.Equal(empty + one + one, _groups.Disk.Bytes(GroupFixture.JournalPath).Length);
        _groups.KillAndRestart();
        Assert.Equal(3, _groups.Committed());
    }

    [Fact]
    public void An_assignment_the_disk_does_not_take_sends_the_members_back_to_join()
    {
        var first = _groups.JoinAsNew().Joined;
        var second = _groups.JoinAsNew().Joined;
        _groups.Clock.Advance(GroupFixture.InitialDelay * 2);
        var waiting = _groups.Sync(second.Now());
        _groups.Disk.Fails = (operation, _) => operation == "write";

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _groups.Sync(first.Now()).Now().Error);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, waiting.Now().Error);
        Assert.Equal("PreparingRebalance", _groups.Describe().State);

        _groups.Disk.Fails = (_, _) => false;
        var again = new[] { _groups.Join(first.Now().MemberId), _groups.Join(second.Now().MemberId) };
        _groups.SyncAll([.. again.Select(task => task.Now())]);
    }
}
