using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public class GroupReadingTests
{
    /// <summary>Version 0; topic "t" with partition 0; no user data.</summary>
    static readonly byte[] Assignment = [0, 0, 0, 0, 0, 1, 0, 1, (byte)'t', 0, 0, 0, 1, 0, 0, 0, 0];

    [Fact]
    public void A_partition_that_two_members_were_given_is_listed_once()
    {
        var partition = new TopicPartition("t", 0);
        var group = new GroupInfo(
            new BrokerMetadata(1, "h", 9092), "g", new Error(ErrorCode.NoError), "Stable", "consumer", "odd", [Member("a"), Member("b")]);

        var described = GroupReading.Describe(group, Offsets(partition, 2), Offsets(partition, 0), Offsets(partition, 5));

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
        var partition = new TopicPartition("t", 0);
        var group = new GroupInfo(new BrokerMetadata(1, "h", 9092), "g", new Error(ErrorCode.NoError), "Stable", "consumer", "odd", [Member("a")]);

        var described = GroupReading.Describe(group, committed is { } offset ? Offsets(partition, offset) : [], Offsets(partition, logStart), Offsets(partition, 5));

        Assert.Equal((lag, lag), (described.Partitions.Single().Lag, described.Lag));
    }

    static GroupMemberInfo Member(string id) => new(id, "client", "/h", [], Assignment);

    static Dictionary<TopicPartition, long> Offsets(TopicPartition partition, long offset) => new() { [partition] = offset };
}
