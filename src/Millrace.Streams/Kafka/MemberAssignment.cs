using System.Buffers.Binary;
using System.Text;

namespace Millrace.Streams.Kafka;

/// <summary>Reads what a group's leader assigned to a member.</summary>
/// <remarks>
/// ConsumerProtocolAssignment.json of Apache Kafka, all versions alike up to the user data, big-endian:
/// version int16, then an array (int32 count) of topics: name string (int16 length, UTF-8), partitions array (int32 count) of int32.
/// </remarks>
static class MemberAssignment
{
    /// <returns>Empty when the bytes are no such assignment, as for a member that is still joining.</returns>
    public static IReadOnlyList<GroupAssignment> Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length < sizeof(short) ? [] : ParseTopics(bytes[sizeof(short)..]);
        }
        catch (ArgumentOutOfRangeException)
        {
            return [];
        }
    }

    static List<GroupAssignment> ParseTopics(ReadOnlySpan<byte> bytes)
    {
        var assignments = new List<GroupAssignment>();
        for (var topics = ReadInt32(ref bytes); topics > 0; topics--)
        {
            var topic = ReadString(ref bytes);
            for (var partitions = ReadInt32(ref bytes); partitions > 0; partitions--)
                assignments.Add(new GroupAssignment(topic, ReadInt32(ref bytes)));
        }
        return assignments;
    }

    static int ReadInt32(ref ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt32BigEndian(bytes);
        bytes = bytes[sizeof(int)..];
        return value;
    }

    static string ReadString(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt16BigEndian(bytes);
        var text = Encoding.UTF8.GetString(bytes.Slice(sizeof(short), length));
        bytes = bytes[(sizeof(short) + length)..];
        return text;
    }
}
