using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// A group as it was when it last became Stable or Empty: what lets its members go on after the broker has restarted. Immutable.
/// </summary>
/// <param name="ProtocolName">null without members; so is <paramref name="LeaderId"/>.</param>
/// <param name="StateSinceMs">Unix milliseconds.</param>
sealed record GroupMetadata(
    string GroupId, int GenerationId, string ProtocolType, string? ProtocolName, string? LeaderId, long StateSinceMs, StoredMember[] Members)
{
    public static GroupMetadata Read(ref KafkaReader reader) => new(
        reader.ReadString(true),
        reader.ReadInt32(),
        reader.ReadString(true),
        reader.ReadNullableString(true),
        reader.ReadNullableString(true),
        reader.ReadInt64(),
        reader.ReadArray(true, static (ref r) => StoredMember.Read(ref r)));

    public void Write(KafkaWriter writer)
    {
        writer.WriteString(GroupId, true);
        writer.WriteInt32(GenerationId);
        writer.WriteString(ProtocolType, true);
        writer.WriteString(ProtocolName, true);
        writer.WriteString(LeaderId, true);
        writer.WriteInt64(StateSinceMs);
        writer.WriteArray(Members, true, static (w, member) => member.Write(w));
    }
}

/// <summary>A member of <see cref="GroupMetadata"/>.</summary>
sealed record StoredMember(
    string MemberId, string? InstanceId, GroupClient Client, int SessionTimeoutMs, int RebalanceTimeoutMs,
    IReadOnlyList<MemberProtocol> Protocols, byte[] Assignment)
{
    public static StoredMember Of(GroupMember member) => new(
        member.Id, member.InstanceId, member.Client, (int)member.SessionTimeout.TotalMilliseconds, (int)member.RebalanceTimeout.TotalMilliseconds,
        member.Protocols, member.Assignment);

    public static StoredMember Read(ref KafkaReader reader) => new(
        reader.ReadString(true),
        reader.ReadNullableString(true),
        new GroupClient(reader.ReadString(true), reader.ReadString(true)),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadArray(true, static (ref r) => new MemberProtocol(r.ReadString(true), r.ReadBytes(true).ToArray())),
        reader.ReadBytes(true).ToArray());

    public void Write(KafkaWriter writer)
    {
        writer.WriteString(MemberId, true);
        writer.WriteString(InstanceId, true);
        writer.WriteString(Client.ClientId, true);
        writer.WriteString(Client.Host, true);
        writer.WriteInt32(SessionTimeoutMs);
        writer.WriteInt32(RebalanceTimeoutMs);
        writer.WriteArray(Protocols, true, static (w, protocol) =>
        {
            w.WriteString(protocol.Name, true);
            w.WriteBytes(protocol.Metadata, true);
        });
        writer.WriteBytes(Assignment, true);
    }
}
