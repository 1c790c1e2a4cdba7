namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// What the leader of a group of consumers gives one member to read: its assignment in SyncGroup and DescribeGroups (Apache Kafka,
/// clients/src/main/resources/common/message/ConsumerProtocolAssignment.json). Versions 0 to 3, none flexible and all alike: the number
/// follows that of <see cref="ConsumerProtocolSubscription"/>.
/// <code>
/// version int16, partitions [topic string, partitions [int32]], user data nullable bytes
/// </code>
/// </summary>
/// <param name="Partitions">The user data, of the assignor alone, are not read.</param>
public sealed record ConsumerProtocolAssignment(ConsumerProtocolAssignment.TopicPartitions[] Partitions)
{
    /// <exception cref="ProtocolViolationException">The bytes are something else.</exception>
    public static ConsumerProtocolAssignment Read(ReadOnlyMemory<byte> assignment)
    {
        var reader = new KafkaReader(assignment);
        reader.ReadInt16(); // version
        return new(reader.ReadArray(flexible: false, static (ref r) => TopicPartitions.Read(ref r)));
    }

    public sealed record TopicPartitions(string Topic, int[] Partitions)
    {
        internal static TopicPartitions Read(ref KafkaReader reader) =>
            new(reader.ReadString(flexible: false), reader.ReadInt32Array(flexible: false));
    }
}
