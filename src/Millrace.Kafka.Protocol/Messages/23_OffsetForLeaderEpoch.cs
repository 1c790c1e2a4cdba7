namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// OffsetForLeaderEpoch, versions 2 to 4 (Apache Kafka, clients/src/main/resources/common/message/OffsetForLeaderEpochRequest.json). What
/// each adds:
/// <code>
/// 3  replica id: followers may see past the high watermark (KIP-392)
/// 4  flexible (KIP-482)
/// </code>
/// </summary>
public sealed record OffsetForLeaderEpochRequest(OffsetForLeaderEpochRequest.Topic[] Topics)
{
    public const short FirstFlexible = 4;

    public static OffsetForLeaderEpochRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        if (version >= 3) reader.ReadInt32(); // replica id
        var request = new OffsetForLeaderEpochRequest(reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, flexible)));
        reader.SkipTaggedFields(flexible);
        return request;
    }

    public sealed record Topic(string Name, Partition[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader, bool flexible)
        {
            var topic = new Topic(reader.ReadString(flexible), reader.ReadArray(flexible, (ref r) => Partition.Read(ref r, flexible)));
            reader.SkipTaggedFields(flexible);
            return topic;
        }
    }

    /// <param name="CurrentLeaderEpoch">Leader epoch the client believes in; -1 for none.</param>
    /// <param name="LeaderEpoch">Leader epoch whose end offset is asked for.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, int LeaderEpoch)
    {
        internal static Partition Read(ref KafkaReader reader, bool flexible)
        {
            var partition = new Partition(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            reader.SkipTaggedFields(flexible);
            return partition;
        }
    }
}

/// <summary>Answer to <see cref="OffsetForLeaderEpochRequest"/>.</summary>
public sealed record OffsetForLeaderEpochResponse(OffsetForLeaderEpochResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= OffsetForLeaderEpochRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    public sealed record Topic(string Name, Partition[] Partitions)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, flexible, (w, partition) => partition.Write(w, flexible));
            writer.WriteNoTaggedFields(flexible);
        }
    }

    /// <param name="LeaderEpoch">Largest known leader epoch not above the one asked for; -1 for none.</param>
    /// <param name="EndOffset">Exclusive end of that leader epoch; -1 for none.</param>
    public readonly record struct Partition(ErrorCode Error, int Index, int LeaderEpoch, long EndOffset)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteErrorCode(Error);
            writer.WriteInt32(Index);
            writer.WriteInt32(LeaderEpoch);
            writer.WriteInt64(EndOffset);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
