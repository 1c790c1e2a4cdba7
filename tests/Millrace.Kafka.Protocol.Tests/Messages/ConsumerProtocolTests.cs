using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Protocol.Tests.Messages;

public sealed class ConsumerProtocolTests
{
    /// <summary>Version 3: topics "ab" and "c", user data null, owns partition 1 of "ab" since generation 4, rack "r".</summary>
    static readonly byte[] Subscription =
    [
        0, 3, 0, 0, 0, 2, 0, 2, (byte)'a', (byte)'b', 0, 1, (byte)'c', 255, 255, 255, 255,
        0, 0, 0, 1, 0, 2, (byte)'a', (byte)'b', 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 1, (byte)'r',
    ];

    [Fact]
    public void The_topics_of_a_subscription_are_read_whatever_later_versions_add() =>
        Assert.Equal(["ab", "c"], ConsumerProtocolSubscription.Read(Subscription).Topics);

    [Fact]
    public void A_subscription_or_an_assignment_cut_short_is_a_protocol_violation()
    {
        const int NeededBytes = 13;
        for (var length = 0; length < NeededBytes; length++)
        {
            var cut = Subscription.AsMemory(0, length);
            Assert.Throws<ProtocolViolationException>(() => ConsumerProtocolSubscription.Read(cut));
            Assert.Throws<ProtocolViolationException>(() => ConsumerProtocolAssignment.Read(cut));
        }
    }

    [Fact]
    public void The_partitions_of_an_assignment_are_read_by_topic()
    {
        byte[] assignment =
        [
            0, 1, 0, 0, 0, 2, 0, 2, (byte)'a', (byte)'b', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5,
            0, 1, (byte)'c', 0, 0, 0, 0, 255, 255, 255, 255,
        ];

        var read = ConsumerProtocolAssignment.Read(assignment).Partitions;

        Assert.Equal(["ab: 0 5", "c: "], read.Select(topic => $"{topic.Topic}: {string.Join(' ', topic.Partitions)}"));
    }
}
