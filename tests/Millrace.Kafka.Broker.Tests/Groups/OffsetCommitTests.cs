using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class OffsetCommitTests : IAsyncDisposable
{
    readonly GroupFixture _groups = new();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public void A_commit_is_fetched_as_it_was_given()
    {
        Assert.Equal(ErrorCode.None, _groups.Commit(42, metadata: "here"));
        var fetched = _groups.Coordinator.FetchOffsets(new(GroupFixture.Group, [new("t", [0, 1])])).Topics.Single().Partitions;
        Assert.Equal(new OffsetFetchResponse.Partition(0, 42, 0, "here", ErrorCode.None), fetched[0]);
        Assert.Equal(new OffsetFetchResponse.Partition(1, -1, -1, "", ErrorCode.None), fetched[1]);
    }

    [Fact]
    public void Null_topics_fetch_all_that_is_committed_and_nothing_of_other_groups()
    {
        _groups.Commit(1, "u", 3);
        _groups.Commit(2, "t", 1);
        _groups.Commit(3, "t", 0);
        _groups.Commit(9, "v", group: "other");
        var topics = _groups.Coordinator.FetchOffsets(new(GroupFixture.Group, null)).Topics;
        Assert.Equal(
            [("t", 0, 3), ("t", 1, 2), ("u", 3, 1)],
            topics.SelectMany(topic => topic.Partitions.Select(each => (topic.Name, each.Index, each.CommittedOffset))));
        Assert.Empty(_groups.Coordinator.FetchOffsets(new("nobody", null)).Topics);
    }

    [Fact]
    public void A_commit_is_answered_by_the_state_of_its_group()
    {
        // 1. PreparingRebalance, first generation to come: nobody has a generation.
        var (id, joined) = _groups.JoinAsNew();
        Assert.Equal(ErrorCode.IllegalGeneration, _groups.Commit(1, memberId: id, generationId: 1));

        // 2. CompletingRebalance: the member has no assignment, so it can't have read.
        _groups.Clock.Advance(GroupFixture.InitialDelay);
        var member = joined.Now();
        Assert.Equal(ErrorCode.RebalanceInProgress, _groups.Commit(member, 1));

        // 3. Stable.
        _groups.SyncAll(member);
        Assert.Equal(ErrorCode.None, _groups.Commit(member, 10));
        Assert.Equal(ErrorCode.IllegalGeneration, _groups.Commit(11, generationId: 0, memberId: id));
        Assert.Equal(ErrorCode.IllegalGeneration, _groups.Commit(11, generationId: -1, memberId: id));
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Commit(11, generationId: 1, memberId: "stranger"));
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Commit(11));

        // 4. PreparingRebalance: what the generation that ends has read, it may still commit.
        _ = _groups.JoinAsNew();
        Assert.Equal(ErrorCode.None, _groups.Commit(member, 12));

        // 5. Empty: only those who take no part.
        _groups.Leave(id);
        _groups.Clock.Advance(GroupFixture.RebalanceTimeout + GroupFixture.SessionTimeout);
        _groups.Leave(_groups.Describe().Members.Select(each => each.MemberId).SingleOrDefault() ?? "");
        _groups.Clock.Advance(GroupFixture.RebalanceTimeout);
        Assert.Equal("Empty", _groups.Describe().State);
        Assert.Equal(ErrorCode.UnknownMemberId, _groups.Commit(member, 13));
        Assert.Equal(ErrorCode.None, _groups.Commit(14));
        Assert.Equal(14, _groups.Committed());
    }

    [Fact]
    public void Whoever_takes_no_part_founds_a_group_by_committing()
    {
        Assert.Equal(ErrorCode.None, _groups.Commit(5));
        Assert.Equal(("Empty", ""), (_groups.Describe().State, _groups.Describe().ProtocolType));
    }

    [Theory]
    [InlineData(8, ErrorCode.IllegalGeneration)]
    [InlineData(9, ErrorCode.GroupIdNotFound)]
    public void A_member_of_a_group_that_is_not_there_is_told_so_as_its_version_knows(short version, ErrorCode expected) =>
        Assert.Equal(expected, _groups.Commit(1, generationId: 3, memberId: "m", version: version));

    [Fact]
    public void Partitions_fail_one_by_one()
    {
        var request = new OffsetCommitRequest(GroupFixture.Group, -1, "", null, -1,
        [
            new("t", [new(0, 1, -1, new string('m', 4096)), new(1, 2, -1, new string('m', 4097)), new(10, 3, -1, null)]),
            new("missing", [new(0, 4, -1, null)]),
            new("u", [new(0, 5, -1, null)]),
        ]);
        var response = _groups.Coordinator.CommitOffsets(request, 9);
        Assert.Equal(
            [ErrorCode.None, ErrorCode.OffsetMetadataTooLarge, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition, ErrorCode.None],
            response.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.Error));
        Assert.Equal((1, -1, 5), (_groups.Committed(), _groups.Committed(partition: 1), _groups.Committed("u")));
    }

    [Fact]
    public void Offsets_of_a_deleted_topic_are_forgotten_in_every_group()
    {
        _groups.Commit(1, "t");
        _groups.Commit(2, "u");
        _groups.Commit(3, "t", group: "other");
        _groups.Coordinator.ForgetTopic("t");
        Assert.Equal((-1, 2, -1), (_groups.Committed("t"), _groups.Committed("u"), _groups.Committed("t", group: "other")));
        _groups.KillAndRestart();
        Assert.Equal((-1, 2, -1), (_groups.Committed("t"), _groups.Committed("u"), _groups.Committed("t", group: "other")));
    }
}
