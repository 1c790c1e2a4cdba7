namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// ListOffsets, versions 1 to 10 (Apache Kafka, clients/src/main/resources/common/message/ListOffsetsRequest.json). What each adds:
/// <code>
///  2  isolation level (KIP-98); the answer has the throttle time
///  3  a quota that is exceeded delays the client, not the answer (KIP-219)
///  4  leader epoch, of the client and in the answer (KIP-320)
///  5  OFFSET_NOT_AVAILABLE may be the answer (KIP-207)
///  6  flexible (KIP-482)
///  7  -3: the record with the greatest timestamp (KIP-734)
///  8  -4: the first offset on the broker's own disk (KIP-405)
///  9  -5: the last tiered offset (KIP-1005)
/// 10  a timeout for tiered storage (KIP-1075)
/// </code>
/// </summary>
public sealed record ListOffsetsRequest(ListOffsetsRequest.Topic[] Topics)
{
    public const short FirstFlexible = 6;

    public static ListOffsetsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        reader.ReadInt32(); // replica id
        if (version >= 2) reader.ReadInt8(); // isolation level: without transactions both see the same
        var request = new ListOffsetsRequest(reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, version, flexible)));
        if (version >= 10) reader.ReadInt32(); // timeout of tiered storage
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

    /// <param name="CurrentLeaderEpoch">-1 for none.</param>
    /// <param name="Timestamp">Milliseconds since 1970, or one of <see cref="ListOffsetsTimestamp"/>.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, long Timestamp)
    {
        internal static Partition Read(ref KafkaReader reader, short version, bool flexible)
        {
            var partition = new Partition(reader.ReadInt32(), version >= 4 ? reader.ReadInt32() : -1, reader.ReadInt64());
            reader.SkipTaggedFields(flexible);
            return partition;
        }
    }
}

/// <summary>Timestamps with a meaning of their own (Apache Kafka, ListOffsetsRequest.java).</summary>
public static class ListOffsetsTimestamp
{
    public const long Latest = -1;
    public const long Earliest = -2;

    /// <summary>KIP-734, since version 7.</summary>
    public const long MaxTimestamp = -3;

    /// <summary>First offset that is not in tiered storage only (KIP-405), since version 8.</summary>
    public const long EarliestLocal = -4;

    /// <summary>Last offset in tiered storage (KIP-1005), since version 9.</summary>
    public const long LatestTiered = -5;
}

/// <summary>Answer to <see cref="ListOffsetsRequest"/>.</summary>
public sealed record ListOffsetsResponse(ListOffsetsResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= ListOffsetsRequest.FirstFlexible;
        if (version >= 2) writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
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

    /// <param name="Timestamp">-1 when there is no such record, or none was asked for.</param>
    /// <param name="Offset">-1 when there is no such record.</param>
    /// <param name="LeaderEpoch">-1 for none.</param>
    public readonly record struct Partition(int Index, ErrorCode Error, long Timestamp, long Offset, int LeaderEpoch)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteInt32(Index);
            writer.WriteErrorCode(Error);
            writer.WriteInt64(Timestamp);
            writer.WriteInt64(Offset);
            if (version >= 4) writer.WriteInt32(LeaderEpoch);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
