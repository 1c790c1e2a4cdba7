namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// CreateTopics, versions 2 to 7 (Apache Kafka, clients/src/main/resources/common/message/CreateTopicsRequest.json). What each adds:
/// <code>
/// 3  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 4  -1 for the broker's default number of partitions and replicas (KIP-464)
/// 5  flexible (KIP-482); the answer has the topic's configs (KIP-525)
/// 6  THROTTLING_QUOTA_EXCEEDED may be the answer (KIP-599)
/// 7  the answer has the topic's id (KIP-516)
/// </code>
/// </summary>
/// <param name="ValidateOnly">Answer as if, and create nothing.</param>
public sealed record CreateTopicsRequest(CreateTopicsRequest.Topic[] Topics, bool ValidateOnly)
{
    public const short FirstFlexible = 5;

    public static CreateTopicsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var topics = reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, flexible));
        reader.ReadInt32(); // timeout, ms
        var validateOnly = reader.ReadBoolean();
        reader.SkipTaggedFields(flexible);
        return new(topics, validateOnly);
    }

    /// <param name="PartitionCount">-1 for the broker's default, or when <paramref name="Assignments"/> says it.</param>
    /// <param name="ReplicationFactor">-1 for the broker's default, or when <paramref name="Assignments"/> says it.</param>
    public sealed record Topic(string Name, int PartitionCount, short ReplicationFactor, Assignment[] Assignments, Config[] Configs)
    {
        internal static Topic Read(ref KafkaReader reader, bool flexible)
        {
            var topic = new Topic(
                reader.ReadString(flexible),
                reader.ReadInt32(),
                reader.ReadInt16(),
                reader.ReadArray(flexible, (ref r) => Assignment.Read(ref r, flexible)),
                reader.ReadArray(flexible, (ref r) => Config.Read(ref r, flexible)));
            reader.SkipTaggedFields(flexible);
            return topic;
        }
    }

    public sealed record Assignment(int PartitionIndex, int[] BrokerIds)
    {
        internal static Assignment Read(ref KafkaReader reader, bool flexible)
        {
            var assignment = new Assignment(reader.ReadInt32(), reader.ReadInt32Array(flexible));
            reader.SkipTaggedFields(flexible);
            return assignment;
        }
    }

    public sealed record Config(string Name, string? Value)
    {
        internal static Config Read(ref KafkaReader reader, bool flexible)
        {
            var config = new Config(reader.ReadString(flexible), reader.ReadNullableString(flexible));
            reader.SkipTaggedFields(flexible);
            return config;
        }
    }
}

/// <summary>Answer to <see cref="CreateTopicsRequest"/>.</summary>
public sealed record CreateTopicsResponse(CreateTopicsResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= CreateTopicsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="PartitionCount">-1 with an error.</param>
    /// <param name="ReplicationFactor">-1 with an error.</param>
    /// <param name="Configs">null with an error.</param>
    public sealed record Topic(
        string Name, Guid Id, ErrorCode Error, string? ErrorMessage, int PartitionCount, short ReplicationFactor, Config[]? Configs)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(Name, flexible);
            if (version >= 7) writer.WriteUuid(Id);
            writer.WriteErrorCode(Error);
            writer.WriteString(ErrorMessage, flexible);
            if (version >= 5) writer.WriteInt32(PartitionCount);
            if (version >= 5) writer.WriteInt16(ReplicationFactor);
            if (version >= 5) writer.WriteArray(Configs, flexible, (w, config) => config.Write(w, flexible));
            writer.WriteNoTaggedFields(flexible);
        }
    }

    public sealed record Config(string Name, string? Value, ConfigSource Source)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteString(Value, flexible);
            writer.WriteBoolean(false); // read only
            writer.WriteInt8((sbyte)Source);
            writer.WriteBoolean(false); // is sensitive
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
