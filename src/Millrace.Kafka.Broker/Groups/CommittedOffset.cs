using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>Where a group will go on reading one partition.</summary>
/// <param name="Offset">The next offset it will read.</param>
/// <param name="LeaderEpoch">-1 when the committing client did not know it.</param>
/// <param name="Metadata">Free text of the client; never null.</param>
/// <param name="CommittedAtMs">Unix milliseconds.</param>
/// <param name="ExpiresAtMs">Unix milliseconds; -1 unless the client itself set a retention time (OffsetCommit up to version 4).</param>
readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAtMs, long ExpiresAtMs)
{
    public static CommittedOffset Read(ref KafkaReader reader) =>
        new(reader.ReadInt64(), reader.ReadInt32(), reader.ReadString(true), reader.ReadInt64(), reader.ReadInt64());

    public void Write(KafkaWriter writer)
    {
        writer.WriteInt64(Offset);
        writer.WriteInt32(LeaderEpoch);
        writer.WriteString(Metadata, true);
        writer.WriteInt64(CommittedAtMs);
        writer.WriteInt64(ExpiresAtMs);
    }
}
