namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// Heartbeat, versions 0 to 4 (Apache Kafka, clients/src/main/resources/common/message/HeartbeatRequest.json). What each adds:
/// <code>
/// 1  the answer has the throttle time (KIP-124)
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  static members: a group instance id (KIP-345)
/// 4  flexible (KIP-482)
/// </code>
/// </summary>
/// <param name="GroupInstanceId">null for a dynamic member (KIP-345).</param>
public sealed record HeartbeatRequest(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId)
{
    public const short FirstFlexible = 4;

    public static HeartbeatRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new HeartbeatRequest(
            reader.ReadString(flexible),
            reader.ReadInt32(),
            reader.ReadString(flexible),
            version >= 3 ? reader.ReadNullableString(flexible) : null);
        reader.SkipTaggedFields(flexible);
        return request;
    }
}

/// <summary>Answer to <see cref="HeartbeatRequest"/>.</summary>
public sealed record HeartbeatResponse(ErrorCode Error)
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        writer.WriteErrorCode(Error);
        writer.WriteNoTaggedFields(version >= HeartbeatRequest.FirstFlexible);
    }
}
