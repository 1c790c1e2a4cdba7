namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DeleteRecords, versions 0 to 2 (Apache Kafka, clients/src/main/resources/common/message/DeleteRecordsRequest.json). What each adds:
/// <code>
/// 1  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 2  flexible (KIP-482)
/// </code>
/// </summary>
public sealed record DeleteRecordsRequest(DeleteRecordsRequest.Topic[] Topics)
{
    public const short FirstFlexible = 2;

    public static DeleteRecordsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var topics = reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, flexible));
        reader.ReadInt32(); // timeout, ms
        reader.SkipTaggedFields(flexible);
        return new(topics);
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

    /// <param name="Offset">Exclusive: records below it go; -1 for the high watermark.</param>
    public readonly record struct Partition(int Index, long Offset)
    {
        internal static Partition Read(ref KafkaReader reader, bool flexible)
        {
            var partition = new Partition(reader.ReadInt32(), reader.ReadInt64());
            reader.SkipTaggedFields(flexible);
            return partition;
        }
    }
}

/// <summary>Answer to <see cref="DeleteRecordsRequest"/>.</summary>
public sealed record DeleteRecordsResponse(DeleteRecordsResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= DeleteRecordsRequest.FirstFlexible;
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

    /// <param name="LowWatermark">The new log start offset; -1 with an error.</param>
    public readonly record struct Partition(int Index, long LowWatermark, ErrorCode Error)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteInt32(Index);
            writer.WriteInt64(LowWatermark);
            writer.WriteErrorCode(Error);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
