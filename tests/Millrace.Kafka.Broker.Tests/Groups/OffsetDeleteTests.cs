using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class OffsetDeleteTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void Offsets_of_a_group_without_members_are_deleted_for_good()
    {
        _groups.Commit(1, "t", 0);
        _groups.Commit(2, "t", 1);
        Assert.Equal([ErrorCode.None], Delete("t", 0));
        Assert.Equal((-1, 2), (_groups.Committed(partition: 0), _groups.Committed(partition: 1)));
        _groups.KillAndRestart();
        Assert.Equal((-1, 2), (_groups.Committed(partition: 0), _groups.Committed(partition: 1)));
    }

    [Fact]
    public void Offsets_of_a_topic_that_a_member_reads_stay()
    {
        _groups.Commit(1, "t");
        _groups.Commit(2, "u");
        _groups.FormStableGroup(1);
        Assert.Equal([ErrorCode.GroupSubscribedToTopic], Delete("t", 0));
        Assert.Equal([ErrorCode.None], Delete("u", 0));
        Assert.Equal((1, -1), (_groups.Committed("t"), _groups.Committed("u")));
    }

    [Fact]
    public void What_is_not_there_is_said_not_to_be_there()
    {
        _groups.Commit(1);
        Assert.Equal([ErrorCode.UnknownTopicOrPartition, ErrorCode.None], Delete("t", 77, 5));
        Assert.Equal(ErrorCode.GroupIdNotFound, _groups.Coordinator.DeleteOffsets(new OffsetDeleteRequest("nobody", [])).Error);
    }

    [Fact]
    public void A_group_of_other_members_than_consumers_keeps_all_its_offsets()
    {
        _ = _groups.Join(version: 3, protocolType: "connect");
        Assert.Equal(ErrorCode.NonEmptyGroup, _groups.Coordinator.DeleteOffsets(new OffsetDeleteRequest(GroupFixture.Group, [new("t", [0])])).Error);
    }

    ErrorCode[] Delete(string topic, params int[] partitions) =>
        [.. _groups.Coordinator.DeleteOffsets(new OffsetDeleteRequest(GroupFixture.Group, [new(topic, partitions)]))
            .Topics.Single().Partitions.Select(partition => partition.Error)];
}
