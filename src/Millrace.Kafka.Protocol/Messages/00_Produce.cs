namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// Produce, versions 3 to 12 (Apache Kafka, clients/src/main/resources/common/message/ProduceRequest.json). What each adds:
/// <code>
///  4  KAFKA_STORAGE_ERROR may be the answer (KIP-112)
///  5  the answer has the log start offset
///  6  a quota that is exceeded delays the client, not the answer (KIP-219)
///  7  zstd (KIP-110)
///  8  the answer says which records are wrong, and why (KIP-467)
///  9  flexible (KIP-482)
/// 10  the answer may name the new leader, in tagged fields (KIP-951)
/// 11  TRANSACTION_ABORTABLE may be the answer (KIP-890)
/// 12  a transaction's request adds the partition to it (KIP-890)
/// </code>
/// </summary>
/// <param name="Acks">0: no answer wanted; 1: the leader has it; -1: all in-sync replicas have it.</param>
public sealed record ProduceRequest(short Acks, ProduceRequest.Topic[] Topics)
{
    public const short FirstFlexible = 9;

    public static ProduceRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        reader.ReadNullableString(flexible); // transactional id: a transaction's batches say that they are
        var acks = reader.ReadInt16();
        reader.ReadInt32(); // how long to wait for replicas, ms
        var request = new ProduceRequest(acks, reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, flexible)));
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

    /// <param name="Records">A slice of the frame: valid until the request is answered.</param>
    public readonly record struct Partition(int Index, ReadOnlyMemory<byte>? Records)
    {
        internal static Partition Read(ref KafkaReader reader, bool flexible)
        {
            var partition = new Partition(reader.ReadInt32(), reader.ReadNullableBytes(flexible));
            reader.SkipTaggedFields(flexible);
            return partition;
        }
    }
}

/// <summary>Answer to <see cref="ProduceRequest"/>.</summary>
public sealed record ProduceResponse(ProduceResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= ProduceRequest.FirstFlexible;
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, version, flexible));
        writer.WriteInt32(0); // throttle time, ms
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

    /// <param name="BaseOffset">Offset given to the first record; -1 with an error.</param>
    /// <param name="LogAppendTimeMs">-1 unless the topic stamps records itself.</param>
    /// <param name="LogStartOffset">Inclusive; -1 where the error is not the log's.</param>
    public readonly record struct Partition(
        int Index, ErrorCode Error, long BaseOffset, long LogAppendTimeMs, long LogStartOffset, string? ErrorMessage)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteInt32(Index);
            writer.WriteErrorCode(Error);
            writer.WriteInt64(BaseOffset);
            writer.WriteInt64(LogAppendTimeMs);
            if (version >= 5) writer.WriteInt64(LogStartOffset);
            if (version >= 8) writer.WriteArrayLength(0, flexible); // errors of single records
            if (version >= 8) writer.WriteString(ErrorMessage, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
