namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// CreatePartitions, versions 0 to 3 (Apache Kafka, clients/src/main/resources/common/message/CreatePartitionsRequest.json). What each
/// adds:
/// <code>
/// 1  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 2  flexible (KIP-482)
/// 3  THROTTLING_QUOTA_EXCEEDED may be the answer (KIP-599)
/// </code>
/// </summary>
/// <param name="ValidateOnly">Answer as if, and create nothing.</param>
public sealed record CreatePartitionsRequest(CreatePartitionsRequest.Topic[] Topics, bool ValidateOnly)
{
    public const short FirstFlexible = 2;

    public static CreatePartitionsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var topics = reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, flexible));
        reader.ReadInt32(); // timeout, ms
        var validateOnly = reader.ReadBoolean();
        reader.SkipTaggedFields(flexible);
        return new(topics, validateOnly);
    }

    /// <param name="Count">How many partitions the topic has afterwards.</param>
    /// <param name="Assignments">Broker ids per new partition; null lets the broker choose.</param>
    public sealed record Topic(string Name, int Count, int[][]? Assignments)
    {
        internal static Topic Read(ref KafkaReader reader, bool flexible)
        {
            var topic = new Topic(
                reader.ReadString(flexible),
                reader.ReadInt32(),
                reader.ReadNullableArray(flexible, (ref r) => ReadAssignment(ref r, flexible)));
            reader.SkipTaggedFields(flexible);
            return topic;
        }

        static int[] ReadAssignment(ref KafkaReader reader, bool flexible)
        {
            var brokerIds = reader.ReadInt32Array(flexible);
            reader.SkipTaggedFields(flexible);
            return brokerIds;
        }
    }
}

/// <summary>Answer to <see cref="CreatePartitionsRequest"/>.</summary>
public sealed record CreatePartitionsResponse(CreatePartitionsResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= CreatePartitionsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    public sealed record Topic(string Name, ErrorCode Error, string? ErrorMessage)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteErrorCode(Error);
            writer.WriteString(ErrorMessage, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
