namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// OffsetFetch, versions 1 to 9 (Apache Kafka, clients/src/main/resources/common/message/OffsetFetchRequest.json). Up to version 7 it names
/// one group, since version 8 any number of them; here it is a list in every version. What each adds:
/// <code>
/// 2  null for all topics; the answer has an error of its own (KIP-88)
/// 3  the answer has the throttle time (KIP-124)
/// 4  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 5  leader epochs (KIP-320)
/// 6  flexible (KIP-482)
/// 7  whether pending transactions make a partition unstable (KIP-447)
/// 8  several groups (KIP-709)
/// 9  member id and member epoch, of the new consumer protocol (KIP-848)
/// </code>
/// </summary>
public sealed record OffsetFetchRequest(OffsetFetchRequest.Group[] Groups)
{
    public const short FirstFlexible = 6;

    /// <summary>From here on a request and its answer hold several groups.</summary>
    public const short FirstBatched = 8;

    public static OffsetFetchRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var groups = version >= FirstBatched
            ? reader.ReadArray(flexible, (ref r) => Group.Read(ref r, version))
            : new[] { new Group(reader.ReadString(flexible), ReadTopics(ref reader, flexible)) };
        if (version >= 7) reader.ReadBoolean(); // require stable: no transactions here, so every offset is stable (KIP-447)
        reader.SkipTaggedFields(flexible);
        return new OffsetFetchRequest(groups);
    }

    static Topic[]? ReadTopics(ref KafkaReader reader, bool flexible) =>
        reader.ReadNullableArray(flexible, (ref r) => Topic.Read(ref r, flexible));

    /// <param name="Topics">null for every partition with a committed offset (since version 2).</param>
    public sealed record Group(string GroupId, Topic[]? Topics)
    {
        internal static Group Read(ref KafkaReader reader, short version)
        {
            var groupId = reader.ReadString(true);
            // Member id and member epoch belong to KIP-848's consumer groups: null and -1 from members of classic groups.
            if (version >= 9) reader.ReadNullableString(true);
            if (version >= 9) reader.ReadInt32();
            var group = new Group(groupId, ReadTopics(ref reader, true));
            reader.SkipTaggedFields(true);
            return group;
        }
    }

    public sealed record Topic(string Name, int[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader, bool flexible)
        {
            var topic = new Topic(reader.ReadString(flexible), reader.ReadInt32Array(flexible));
            reader.SkipTaggedFields(flexible);
            return topic;
        }
    }
}

/// <summary>Answer to <see cref="OffsetFetchRequest"/>; exactly one group before <see cref="OffsetFetchRequest.FirstBatched"/>.</summary>
public sealed record OffsetFetchResponse(OffsetFetchResponse.Group[] Groups)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= OffsetFetchRequest.FirstFlexible;
        if (version >= 3) writer.WriteInt32(0); // throttle time, ms
        if (version >= OffsetFetchRequest.FirstBatched) writer.WriteArray(Groups, flexible, (w, group) => group.Write(w, version));
        else WriteSingle(writer, Groups[0], version, flexible);
        writer.WriteNoTaggedFields(flexible);
    }

    static void WriteSingle(KafkaWriter writer, Group group, short version, bool flexible)
    {
        writer.WriteArray(group.Topics, flexible, (w, topic) => topic.Write(w, version, flexible));
        if (version >= 2) writer.WriteErrorCode(group.Error);
    }

    public sealed record Group(string GroupId, Topic[] Topics, ErrorCode Error)
    {
        internal void Write(KafkaWriter writer, short version)
        {
            writer.WriteString(GroupId, true);
            writer.WriteArray(Topics, true, (w, topic) => topic.Write(w, version, true));
            writer.WriteErrorCode(Error);
            writer.WriteNoTaggedFields(true);
        }
    }

    public sealed record Topic(string Name, Partition[] Partitions)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, flexible, (w, partition) => partition.Write(w, version, flexible));
            writer.WriteNoTaggedFields(flexible);
        }
    }

    /// <param name="CommittedOffset">-1, without an error, where the group has none.</param>
    /// <param name="CommittedLeaderEpoch">-1 when the committing client did not know it.</param>
    public readonly record struct Partition(int Index, long CommittedOffset, int CommittedLeaderEpoch, string? Metadata, ErrorCode Error)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteInt32(Index);
            writer.WriteInt64(CommittedOffset);
            if (version >= 5) writer.WriteInt32(CommittedLeaderEpoch);
            writer.WriteString(Metadata, flexible);
            writer.WriteErrorCode(Error);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
