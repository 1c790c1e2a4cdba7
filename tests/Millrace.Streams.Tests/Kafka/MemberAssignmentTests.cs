using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public class MemberAssignmentTests
{
    /// <summary>Version 1; topics "ab" with partitions 0 and 5, "c" with none; user data null.</summary>
    static readonly byte[] Assignment =
    [
        0, 1, 0, 0, 0, 2,
        0, 2, (byte)'a', (byte)'b', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5,
        0, 1, (byte)'c', 0, 0, 0, 0,
        255, 255, 255, 255,
    ];

    [Fact]
    public void Topics_and_partitions_are_read() =>
        Assert.Equal([new("ab", 0), new("ab", 5)], MemberAssignment.Parse(Assignment));

    [Fact]
    public void Every_truncation_is_read_without_failing()
    {
        const int UserData = 4;

        for (var length = 0; length < Assignment.Length - UserData; length++)
            Assert.Empty(MemberAssignment.Parse(Assignment.AsMemory(0, length)));
    }
}
