namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// OffsetCommit, versions 2 to 9 (Apache Kafka, clients/src/main/resources/common/message/OffsetCommitRequest.json). What each adds:
/// <code>
/// 3  the answer has the throttle time (KIP-124)
/// 4  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 5  no retention time: the broker has a setting (KIP-211)
/// 6  leader epoch of the last record read (KIP-320)
/// 7  static members: a group instance id (KIP-345)
/// 8  flexible (KIP-482)
/// 9  as 8; of the new consumer protocol too, GROUP_ID_NOT_FOUND may be the answer (KIP-848)
/// </code>
/// </summary>
/// <param name="GenerationId">
/// -1 from whoever takes no part in the group: admin clients, consumers with partitions assigned by hand.
/// </param>
/// <param name="MemberId">Empty where <paramref name="GenerationId"/> is -1.</param>
/// <param name="GroupInstanceId">null for a dynamic member (KIP-345).</param>
/// <param name="RetentionTimeMs">How long the offsets are kept; -1 leaves it to the broker. Gone since version 5 (KIP-211).</param>
public sealed record OffsetCommitRequest(
    string GroupId, int GenerationId, string MemberId, string? GroupInstanceId, long RetentionTimeMs, OffsetCommitRequest.Topic[] Topics)
{
    public const short FirstFlexible = 8;

    public static OffsetCommitRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new OffsetCommitRequest(
            reader.ReadString(flexible),
            reader.ReadInt32(),
            reader.ReadString(flexible),
            version >= 7 ? reader.ReadNullableString(flexible) : null,
            version <= 4 ? reader.ReadInt64() : -1,
            reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, version, flexible)));
        reader.SkipTaggedFields(flexible);
        return request;
    }

    public sealed record Topic(string Name, Partition[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader, short version, bool flexible)
        {
            var topic = new Topic(
                reader.ReadString(flexible), reader.ReadArray(flexible, (ref r) => Partition.Read(ref r, version, flexible)));
            reader.SkipTaggedFields(flexible);
            return topic;
        }
    }

    /// <param name="CommittedOffset">The next offset the group will read.</param>
    /// <param name="CommittedLeaderEpoch">-1 when the client does not know it (KIP-320).</param>
    public readonly record struct Partition(int Index, long CommittedOffset, int CommittedLeaderEpoch, string? Metadata)
    {
        internal static Partition Read(ref KafkaReader reader, short version, bool flexible)
        {
            var partition = new Partition(
                reader.ReadInt32(),
                reader.ReadInt64(),
                version >= 6 ? reader.ReadInt32() : -1,
                reader.ReadNullableString(flexible));
            reader.SkipTaggedFields(flexible);
            return partition;
        }
    }
}

/// <summary>Answer to <see cref="OffsetCommitRequest"/>: the partitions of the request, in its order.</summary>
public sealed record OffsetCommitResponse(OffsetCommitResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= OffsetCommitRequest.FirstFlexible;
        if (version >= 3) writer.WriteInt32(0); // throttle time, ms
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

    public readonly record struct Partition(int Index, ErrorCode Error)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteInt32(Index);
            writer.WriteErrorCode(Error);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
