namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DeleteTopics, versions 1 to 6 (Apache Kafka, clients/src/main/resources/common/message/DeleteTopicsRequest.json). What each adds:
/// <code>
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  TOPIC_DELETION_DISABLED may be the answer (KIP-322)
/// 4  flexible (KIP-482)
/// 5  the answer has messages; THROTTLING_QUOTA_EXCEEDED may be it (KIP-599)
/// 6  topics by name or by id (KIP-516)
/// </code>
/// </summary>
public sealed record DeleteTopicsRequest(DeleteTopicsRequest.Topic[] Topics)
{
    public const short FirstFlexible = 4;

    /// <summary>From here on a topic may be named by its id (KIP-516).</summary>
    public const short FirstWithTopicIds = 6;

    public static DeleteTopicsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var topics = version >= FirstWithTopicIds
            ? reader.ReadArray(flexible, static (ref r) => Topic.Read(ref r))
            : [.. reader.ReadStringArray(flexible).Select(static name => new Topic(name, Guid.Empty))];
        reader.ReadInt32(); // timeout, ms
        reader.SkipTaggedFields(flexible);
        return new(topics);
    }

    /// <param name="Name">null when the topic is named by <paramref name="Id"/>.</param>
    /// <param name="Id">Empty when the topic is named by <paramref name="Name"/>.</param>
    public sealed record Topic(string? Name, Guid Id)
    {
        internal static Topic Read(ref KafkaReader reader)
        {
            var topic = new Topic(reader.ReadNullableString(flexible: true), reader.ReadUuid());
            reader.SkipTaggedFields(flexible: true);
            return topic;
        }
    }
}

/// <summary>Answer to <see cref="DeleteTopicsRequest"/>.</summary>
public sealed record DeleteTopicsResponse(DeleteTopicsResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= DeleteTopicsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="Name">null for an unknown id.</param>
    public sealed record Topic(string? Name, Guid Id, ErrorCode Error, string? ErrorMessage)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(Name, flexible);
            if (version >= DeleteTopicsRequest.FirstWithTopicIds) writer.WriteUuid(Id);
            writer.WriteErrorCode(Error);
            if (version >= 5) writer.WriteString(ErrorMessage, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
