namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// SyncGroup, versions 0 to 5 (Apache Kafka, clients/src/main/resources/common/message/SyncGroupRequest.json). What each adds:
/// <code>
/// 1  the answer has the throttle time (KIP-124)
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  static members: a group instance id (KIP-345)
/// 4  flexible (KIP-482)
/// 5  protocol type and name, of the member and in the answer (KIP-559)
/// </code>
/// </summary>
/// <param name="GroupInstanceId">null for a dynamic member (KIP-345).</param>
/// <param name="ProtocolType">
/// What the member believes the group agreed on; null before version 5 (KIP-559). So is <paramref name="ProtocolName"/>.
/// </param>
/// <param name="Assignments">From the leader; empty from the others.</param>
public sealed record SyncGroupRequest(
    string GroupId, int GenerationId, string MemberId, string? GroupInstanceId, string? ProtocolType, string? ProtocolName,
    SyncGroupRequest.Assignment[] Assignments)
{
    public const short FirstFlexible = 4;

    public static SyncGroupRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new SyncGroupRequest(
            reader.ReadString(flexible),
            reader.ReadInt32(),
            reader.ReadString(flexible),
            version >= 3 ? reader.ReadNullableString(flexible) : null,
            version >= 5 ? reader.ReadNullableString(flexible) : null,
            version >= 5 ? reader.ReadNullableString(flexible) : null,
            reader.ReadArray(flexible, (ref r) => Assignment.Read(ref r, flexible)));
        reader.SkipTaggedFields(flexible);
        return request;
    }

    /// <param name="Bytes">Opaque to the broker. A slice of the frame: valid until the request is answered.</param>
    public readonly record struct Assignment(string MemberId, ReadOnlyMemory<byte> Bytes)
    {
        internal static Assignment Read(ref KafkaReader reader, bool flexible)
        {
            var assignment = new Assignment(reader.ReadString(flexible), reader.ReadBytes(flexible));
            reader.SkipTaggedFields(flexible);
            return assignment;
        }
    }
}

/// <summary>Answer to <see cref="SyncGroupRequest"/>.</summary>
/// <param name="Assignment">This member's share, as the leader wrote it; empty with an error.</param>
public sealed record SyncGroupResponse(ErrorCode Error, string? ProtocolType, string? ProtocolName, ReadOnlyMemory<byte> Assignment)
{
    public static SyncGroupResponse Failed(ErrorCode error) => new(error, null, null, ReadOnlyMemory<byte>.Empty);

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= SyncGroupRequest.FirstFlexible;
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        writer.WriteErrorCode(Error);
        if (version >= 5) writer.WriteString(ProtocolType, flexible);
        if (version >= 5) writer.WriteString(ProtocolName, flexible);
        writer.WriteBytes(Assignment.Span, flexible);
        writer.WriteNoTaggedFields(flexible);
    }
}
