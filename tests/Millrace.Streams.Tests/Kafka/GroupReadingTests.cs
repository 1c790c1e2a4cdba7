using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public class GroupReadingTests
{
    static readonly TopicPartition Partition = new("t", 0);

    /// <summary>Of <see cref="Partition"/>, as ConsumerProtocolAssignment.json of Apache Kafka has it; user data null.</summary>
    static readonly byte[] Assignment = [0, 1, 0, 0, 0, 1, 0, 1, (byte)'t', 0, 0, 0, 1, 0, 0, 0, 0, 255, 255, 255, 255];

    [Fact]
    public void A_partition_that_two_members_were_given_is_listed_once()
    {
        var described = GroupReading.Describe(Group("a", "b"), Offsets(2), Existing(Partition), Known(0), Known(5));

        Assert.Equal([new GroupPartition("t", 0, CommittedOffset: 2, LogEndOffset: 5, Lag: 3, MemberId: "a")], described.Partitions);
        Assert.Equal(2, described.Members.Count);
    }

    [Theory]
    [InlineData(1, 0, 4)]
    [InlineData(1, 3, 2)] // What the topic dropped is not to come.
    [InlineData(null, 3, 2)] // Nothing committed: the group will begin at the log start.
    [InlineData(7, 0, 0)] // Committed after the end was read.
    public void Lag_is_what_the_group_can_still_read(int? committed, int logStart, int lag)
    {
        var described = GroupReading.Describe(
            Group("a"), committed is { } offset ? Offsets(offset) : [], Existing(Partition), Known(logStart), Known(5));

        Assert.Equal((lag, lag), (described.Partitions.Single().Lag, described.Lag));
    }

    [Fact]
    public void Every_partition_of_a_topic_that_the_group_reads_is_listed_and_none_of_another_topic()
    {
        var (more, other) = (new TopicPartition("t", 1), new TopicPartition("u", 0));
        var described = GroupReading.Describe(Group("a"), Offsets(2), Existing(Partition, more, other), Known(5), Known(5));

        var readers = described.Partitions.Select(partition => (partition.Topic, partition.Partition, partition.MemberId));
        Assert.Equal([("t", 0, "a"), ("t", 1, null)], readers);
    }

    [Fact]
    public void A_partition_that_is_offline_is_listed_with_its_reason_and_has_no_lag()
    {
        var more = new TopicPartition("t", 1);
        var offline = new Dictionary<TopicPartition, string> { [more] = "offline: no leader" };

        var described = GroupReading.Describe(
            Group("a"), Offsets(2), new PartitionStates([Partition, more], offline),
            new KnownOffsets(Offsets(0), offline), new KnownOffsets(Offsets(5), offline));

        Assert.Equal(
            (null, null, "offline: no leader"),
            (described.Partitions[1].Lag, described.Partitions[1].LogEndOffset, described.Partitions[1].Error));
        Assert.Equal(3, described.Lag);
    }

    /// <summary>Every member reads the partition.</summary>
    static GroupInfo Group(params string[] members) =>
        new(null, "g", new Error(ErrorCode.NoError), "Stable", "consumer", "odd", [.. members.Select(Member)]);

    static GroupMemberInfo Member(string id) => new(id, "client", "/h", [], Assignment);

    static Dictionary<TopicPartition, long> Offsets(long offset) => new() { [Partition] = offset };

    static KnownOffsets Known(long offset) => new(Offsets(offset), new Dictionary<TopicPartition, string>());

    static PartitionStates Existing(params TopicPartition[] partitions) => new(partitions, new Dictionary<TopicPartition, string>());
}
