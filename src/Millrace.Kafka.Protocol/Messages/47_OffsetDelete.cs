namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// OffsetDelete, version 0 (Apache Kafka, clients/src/main/resources/common/message/OffsetDeleteRequest.json). Never flexible.
/// </summary>
public sealed record OffsetDeleteRequest(string GroupId, OffsetDeleteRequest.Topic[] Topics)
{
    public static OffsetDeleteRequest Read(ref KafkaReader reader) =>
        new(reader.ReadString(false), reader.ReadArray(false, static (ref r) => Topic.Read(ref r)));

    public sealed record Topic(string Name, int[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader) => new(reader.ReadString(false), reader.ReadInt32Array(false));
    }
}

/// <summary>Answer to <see cref="OffsetDeleteRequest"/>.</summary>
/// <param name="Error">About the whole group; then <paramref name="Topics"/> is empty.</param>
public sealed record OffsetDeleteResponse(ErrorCode Error, OffsetDeleteResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer)
    {
        writer.WriteErrorCode(Error);
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Topics, false, static (w, topic) => topic.Write(w));
    }

    public sealed record Topic(string Name, Partition[] Partitions)
    {
        internal void Write(KafkaWriter writer)
        {
            writer.WriteString(Name, false);
            writer.WriteArray(Partitions, false, static (w, partition) => partition.Write(w));
        }
    }

    public readonly record struct Partition(int Index, ErrorCode Error)
    {
        internal void Write(KafkaWriter writer)
        {
            writer.WriteInt32(Index);
            writer.WriteErrorCode(Error);
        }
    }
}
