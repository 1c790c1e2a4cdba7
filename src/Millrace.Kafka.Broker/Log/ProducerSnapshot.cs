using System.Buffers.Binary;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The producers of a partition as they were before a given offset (Apache Kafka, ProducerStateManager.java, ProducerSnapshot.json):
/// <code>
/// version int16 = 1
/// crc     uint32    CRC-32C of all that follows
/// count   int32
/// each:   producer id int64, producer epoch int16, last sequence int32, last offset int64, offset delta int32,
///         timestamp int64, coordinator epoch int32 = -1, first offset of the open transaction int64 = -1
/// </code>
/// Of each producer only the last batch is in it: the four before come back by replaying the log from an older snapshot, see
/// <see cref="LogRecovery"/>.
/// </summary>
static class ProducerSnapshot
{
    const short Version = 1;
    const int CrcAt = sizeof(short);
    const int CheckedFrom = CrcAt + sizeof(uint);
    const int NoCoordinator = -1;
    const long NoTransaction = -1;

    public static byte[] ToBytes(ProducerStates producers)
    {
        using var writer = new KafkaWriter();
        writer.WriteInt16(Version);
        var crcPlace = writer.ReserveInt32();
        writer.WriteInt32(producers.All.Count);
        foreach (var (id, producer) in producers.All)
        {
            writer.WriteInt64(id);
            writer.WriteInt16(producer.Epoch);
            writer.WriteInt32(producer.Last.LastSequence);
            writer.WriteInt64(producer.Last.LastOffset);
            writer.WriteInt32(producer.Last.OffsetDelta);
            writer.WriteInt64(producer.Last.Timestamp);
            writer.WriteInt32(NoCoordinator);
            writer.WriteInt64(NoTransaction);
        }
        writer.PatchInt32(crcPlace, (int)Crc32C.Compute(writer.Written.Span[CheckedFrom..]));
        return writer.Written.ToArray();
    }

    /// <summary>False when the bytes are not a sound snapshot; nothing has been added then.</summary>
    public static bool TryAddTo(ProducerStates producers, byte[] bytes)
    {
        if (bytes.Length < CheckedFrom || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(CrcAt)) != Crc32C.Compute(bytes.AsSpan(CheckedFrom))) return false;
        var reader = new KafkaReader(bytes.AsMemory(CheckedFrom));
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (id, epoch) = (reader.ReadInt64(), reader.ReadInt16());
            var last = new ProducerBatch(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());
            producers.Restore(id, epoch, last);
            reader.ReadInt32();
            reader.ReadInt64();
        }
        return true;
    }
}
