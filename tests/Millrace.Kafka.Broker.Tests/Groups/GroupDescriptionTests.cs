using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupDescriptionTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_stable_group_shows_its_protocol_and_its_members_with_subscription_and_assignment()
    {
        var member = _groups.FormStableGroup(1).Single();
        var described = _groups.Describe();
        Assert.Equal(("Stable", "consumer", "range"), (described.State, described.ProtocolType, described.ProtocolName));
        var only = Assert.Single(described.Members);
        Assert.Equal((member.MemberId, "client", "/127.0.0.1"), (only.MemberId, only.ClientId, only.ClientHost));
        Assert.Equal(GroupFixture.Subscription("t"), only.Metadata.ToArray());
        Assert.Equal("0"u8.ToArray(), only.Assignment.ToArray());
    }

    [Fact]
    public void A_group_that_rebalances_shows_members_without_subscription()
    {
        _ = _groups.JoinAsNew();
        var described = _groups.Describe();
        Assert.Equal(("PreparingRebalance", ""), (described.State, described.ProtocolName));
        Assert.Equal(0, Assert.Single(described.Members).Metadata.Length);
    }

    [Theory]
    [InlineData(5, ErrorCode.None)]
    [InlineData(6, ErrorCode.GroupIdNotFound)]
    public void An_unknown_group_is_dead_and_since_version_6_an_error(short version, ErrorCode expected)
    {
        var described = _groups.Coordinator.Describe("nobody", version);
        Assert.Equal((expected, "Dead"), (described.Error, described.State));
    }

    [Fact]
    public void Groups_are_listed_by_state_and_type_in_any_case()
    {
        _groups.FormStableGroup(1);
        _groups.Commit(1, group: "simple");
        Assert.Equal(["g", "simple"], List([], []));
        Assert.Equal(["g"], List(["stable"], []));
        Assert.Equal(["g", "simple"], List(["Stable", "EMPTY"], ["Classic", "consumer"]));
        Assert.Empty(List([], ["consumer"]));
        Assert.Empty(List(["Dead"], []));
    }

    [Fact]
    public void A_group_without_members_is_deleted_with_its_offsets_for_good()
    {
        _groups.Commit(1);
        Assert.Equal(ErrorCode.None, _groups.Coordinator.Delete(GroupFixture.Group));
        Assert.Equal(-1, _groups.Committed());
        Assert.Equal(ErrorCode.GroupIdNotFound, _groups.Coordinator.Delete(GroupFixture.Group));
        _groups.KillAndRestart();
        Assert.Equal(-1, _groups.Committed());
        Assert.Empty(List([], []));
    }

    [Fact]
    public void A_group_with_members_is_not_deleted()
    {
        var member = _groups.FormStableGroup(1).Single();
        Assert.Equal(ErrorCode.NonEmptyGroup, _groups.Coordinator.Delete(GroupFixture.Group));
        Assert.Equal(ErrorCode.None, _groups.Heartbeat(member));
    }

    string[] List(string[] states, string[] types) =>
        [.. _groups.Coordinator.List(new ListGroupsRequest(states, types)).Groups.Select(group => group.GroupId).Order()];
}
