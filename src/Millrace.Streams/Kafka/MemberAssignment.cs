using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Streams.Kafka;

/// <summary>Reads what a group's leader assigned to a member.</summary>
static class MemberAssignment
{
    /// <returns>Empty when the bytes are no such assignment, as for a member that is still joining.</returns>
    public static IReadOnlyList<GroupAssignment> Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return [.. ConsumerProtocolAssignment.Read(bytes).Partitions
                .SelectMany(topic => topic.Partitions.Select(partition => new GroupAssignment(topic.Topic, partition)))];
        }
        catch (ProtocolViolationException)
        {
            return [];
        }
    }
}
