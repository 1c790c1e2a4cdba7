namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// Fetch, versions 4 to 17 (Apache Kafka, clients/src/main/resources/common/message/FetchRequest.json). What each adds:
/// <code>
///  5  log start offset, of followers and in the answer (KIP-107)
///  6  KAFKA_STORAGE_ERROR may be the answer (KIP-112)
///  7  fetch sessions (KIP-227)
///  8  a quota that is exceeded delays the client, not the answer (KIP-219)
///  9  the leader epoch that the client believes in (KIP-320)
/// 10  zstd in the answer (KIP-110)
/// 11  rack id, and a replica nearer by in the answer (KIP-392)
/// 12  flexible (KIP-482); leader epoch of the last record fetched, and where it ends (KIP-595)
/// 13  topics by id, no longer by name (KIP-516)
/// 14  OFFSET_MOVED_TO_TIERED_STORAGE may be the answer (KIP-405)
/// 15  replica id moves to a tagged field (KIP-903)
/// 16  the answer may name the new leader's address, in a tagged field (KIP-951)
/// 17  directory id of followers, in a tagged field (KIP-853)
/// </code>
/// </summary>
/// <param name="MaxWaitMs">How long the broker may wait for <paramref name="MinBytes"/>, in milliseconds.</param>
/// <param name="MaxBytes">Bound of the whole answer; one record batch may exceed it (KIP-74).</param>
/// <param name="ReadCommitted">Isolation level 1 (KIP-98).</param>
/// <param name="SessionId">0 when the client keeps no fetch session (KIP-227).</param>
public sealed record FetchRequest(
    int MaxWaitMs, int MinBytes, int MaxBytes, bool ReadCommitted, int SessionId, int SessionEpoch, FetchRequest.Topic[] Topics)
{
    public const short FirstFlexible = 12;

    /// <summary>From here on topics are named by id only (KIP-516).</summary>
    public const short FirstWithTopicIds = 13;

    public static FetchRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        if (version <= 14) reader.ReadInt32(); // replica id; a tagged field since version 15
        var request = new FetchRequest(
            reader.ReadInt32(),
            reader.ReadInt32(),
            reader.ReadInt32(),
            reader.ReadInt8() == 1,
            version >= 7 ? reader.ReadInt32() : 0,
            version >= 7 ? reader.ReadInt32() : -1,
            reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, version, flexible)));
        if (version >= 7) reader.ReadArray(flexible, (ref r) => SkipForgottenTopic(ref r, version, flexible));
        if (version >= 11) reader.ReadString(flexible); // rack id
        reader.SkipTaggedFields(flexible);
        return request;
    }

    /// <summary>Forgotten topics change a fetch session; without sessions they say nothing.</summary>
    static bool SkipForgottenTopic(ref KafkaReader reader, short version, bool flexible)
    {
        if (version >= FirstWithTopicIds) reader.ReadUuid();
        else reader.ReadString(flexible);
        reader.ReadInt32Array(flexible);
        reader.SkipTaggedFields(flexible);
        return true;
    }

    /// <param name="Name">null from <see cref="FirstWithTopicIds"/> on.</param>
    /// <param name="Id">Empty before <see cref="FirstWithTopicIds"/>.</param>
    public sealed record Topic(string? Name, Guid Id, Partition[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader, short version, bool flexible)
        {
            var topic = new Topic(
                version < FirstWithTopicIds ? reader.ReadString(flexible) : null,
                version >= FirstWithTopicIds ? reader.ReadUuid() : Guid.Empty,
                reader.ReadArray(flexible, (ref r) => Partition.Read(ref r, version, flexible)));
            reader.SkipTaggedFields(flexible);
            return topic;
        }
    }

    /// <param name="CurrentLeaderEpoch">Leader epoch the client believes in; -1 for none (KIP-320).</param>
    /// <param name="FetchOffset">Offset of the first record wanted, inclusive.</param>
    /// <param name="MaxBytes">Bound for this partition.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, long FetchOffset, int MaxBytes)
    {
        internal static Partition Read(ref KafkaReader reader, short version, bool flexible)
        {
            var index = reader.ReadInt32();
            var currentLeaderEpoch = version >= 9 ? reader.ReadInt32() : -1;
            var fetchOffset = reader.ReadInt64();
            if (version >= 12) reader.ReadInt32(); // last fetched epoch: followers only
            if (version >= 5) reader.ReadInt64(); // log start offset: followers only
            var maxBytes = reader.ReadInt32();
            reader.SkipTaggedFields(flexible);
            return new(index, currentLeaderEpoch, fetchOffset, maxBytes);
        }
    }
}

/// <summary>
/// Answer to <see cref="FetchRequest"/>. Written piece by piece and not held as a record: record batches go from the log straight into the
/// writer. Order: <see cref="WriteStart"/>, then per topic <see cref="WriteTopicStart"/>, its partitions and <see cref="WriteEnd"/>, then
/// <see cref="WriteEnd"/>.
/// </summary>
public static class FetchResponse
{
    public static void WriteStart(KafkaWriter writer, short version, ErrorCode error, int topicCount)
    {
        writer.WriteInt32(0); // throttle time, ms
        if (version >= 7) writer.WriteErrorCode(error);
        if (version >= 7) writer.WriteInt32(0); // session id: no fetch sessions
        writer.WriteArrayLength(topicCount, version >= FetchRequest.FirstFlexible);
    }

    public static void WriteTopicStart(KafkaWriter writer, short version, FetchRequest.Topic topic)
    {
        var flexible = version >= FetchRequest.FirstFlexible;
        if (version >= FetchRequest.FirstWithTopicIds) writer.WriteUuid(topic.Id);
        else writer.WriteString(topic.Name, flexible);
        writer.WriteArrayLength(topic.Partitions.Length, flexible);
    }

    /// <summary>All of a partition up to its records, which the caller writes as bytes, followed by <see cref="WriteEnd"/>.</summary>
    /// <param name="highWatermark">
    /// Exclusive; -1 with an error. Also the last stable offset: without transactions every record is stable.
    /// </param>
    /// <param name="logStartOffset">Inclusive; -1 with an error.</param>
    /// <param name="listsAborted">
    /// Whether aborted transactions are listed; there are none, but no list and an empty one are not the same on the wire.
    /// </param>
    public static void WritePartitionStart(
        KafkaWriter writer, short version, int index, ErrorCode error, long highWatermark, long logStartOffset, bool listsAborted)
    {
        writer.WriteInt32(index);
        writer.WriteErrorCode(error);
        writer.WriteInt64(highWatermark);
        writer.WriteInt64(highWatermark); // last stable offset
        if (version >= 5) writer.WriteInt64(logStartOffset);
        writer.WriteArrayLength(listsAborted ? 0 : -1, version >= FetchRequest.FirstFlexible); // aborted transactions
        if (version >= 11) writer.WriteInt32(-1); // preferred read replica
    }

    /// <summary>Ends a partition, a topic or the whole answer.</summary>
    public static void WriteEnd(KafkaWriter writer, short version) =>
        writer.WriteNoTaggedFields(version >= FetchRequest.FirstFlexible);
}
