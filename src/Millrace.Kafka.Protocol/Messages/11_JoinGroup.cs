namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// JoinGroup, versions 0 to 9 (Apache Kafka, clients/src/main/resources/common/message/JoinGroupRequest.json). What each adds:
/// <code>
/// 1  rebalance timeout (KIP-62)
/// 2  the answer has the throttle time (KIP-124)
/// 3  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 4  a new dynamic member first gets an id and joins with it (KIP-394)
/// 5  static members: a group instance id (KIP-345)
/// 6  flexible (KIP-482)
/// 7  the answer has the protocol type (KIP-559)
/// 8  reason (KIP-800)
/// 9  a leader can be told to keep the assignment (KIP-814)
/// </code>
/// </summary>
/// <param name="SessionTimeoutMs">A member that is not heard of for so long is dead, in milliseconds.</param>
/// <param name="RebalanceTimeoutMs">How long the member may take to rejoin, in milliseconds; before version 1 the session timeout.</param>
/// <param name="MemberId">Empty at the first join.</param>
/// <param name="GroupInstanceId">null for a dynamic member (KIP-345).</param>
/// <param name="Protocols">What the member can do, best first.</param>
public sealed record JoinGroupRequest(
    string GroupId, int SessionTimeoutMs, int RebalanceTimeoutMs, string MemberId, string? GroupInstanceId,
    string ProtocolType, JoinGroupRequest.Protocol[] Protocols)
{
    public const short FirstFlexible = 6;

    /// <summary>From here on a new dynamic member first gets an id and joins with it (KIP-394).</summary>
    public const short FirstWithKnownMemberId = 4;

    /// <summary>From here on a leader can be told to keep the assignment as it is (KIP-814).</summary>
    public const short FirstWithSkipAssignment = 9;

    public static JoinGroupRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var groupId = reader.ReadString(flexible);
        var sessionTimeoutMs = reader.ReadInt32();
        var request = new JoinGroupRequest(
            groupId,
            sessionTimeoutMs,
            version >= 1 ? reader.ReadInt32() : sessionTimeoutMs,
            reader.ReadString(flexible),
            version >= 5 ? reader.ReadNullableString(flexible) : null,
            reader.ReadString(flexible),
            reader.ReadArray(flexible, (ref r) => Protocol.Read(ref r, flexible)));
        if (version >= 8) reader.ReadNullableString(flexible); // reason (KIP-800): for people who read logs
        reader.SkipTaggedFields(flexible);
        return request;
    }

    /// <param name="Metadata">Opaque to the broker. A slice of the frame: valid until the request is answered.</param>
    public readonly record struct Protocol(string Name, ReadOnlyMemory<byte> Metadata)
    {
        internal static Protocol Read(ref KafkaReader reader, bool flexible)
        {
            var protocol = new Protocol(reader.ReadString(flexible), reader.ReadBytes(flexible));
            reader.SkipTaggedFields(flexible);
            return protocol;
        }
    }
}

/// <summary>Answer to <see cref="JoinGroupRequest"/>.</summary>
/// <param name="GenerationId">-1 with an error.</param>
/// <param name="ProtocolName">What the group agreed on; null with an error.</param>
/// <param name="Leader">Member id of the one who assigns.</param>
/// <param name="SkipAssignment">The leader must not assign anew: nothing has changed (KIP-814).</param>
/// <param name="Members">All members for the leader, none for the others.</param>
public sealed record JoinGroupResponse(
    ErrorCode Error, int GenerationId, string? ProtocolType, string? ProtocolName, string Leader, bool SkipAssignment,
    string MemberId, IReadOnlyCollection<JoinGroupResponse.Member> Members)
{
    public static JoinGroupResponse Failed(ErrorCode error, string memberId) => new(error, -1, null, null, "", false, memberId, []);

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= JoinGroupRequest.FirstFlexible;
        if (version >= 2) writer.WriteInt32(0); // throttle time, ms
        writer.WriteErrorCode(Error);
        writer.WriteInt32(GenerationId);
        if (version >= 7) writer.WriteString(ProtocolType, flexible);
        writer.WriteString(version >= 7 ? ProtocolName : ProtocolName ?? "", flexible);
        writer.WriteString(Leader, flexible);
        if (version >= JoinGroupRequest.FirstWithSkipAssignment) writer.WriteBoolean(SkipAssignment);
        writer.WriteString(MemberId, flexible);
        writer.WriteArray(Members, flexible, (w, member) => member.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="Metadata">Of the protocol the group agreed on.</param>
    public readonly record struct Member(string MemberId, string? GroupInstanceId, ReadOnlyMemory<byte> Metadata)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(MemberId, flexible);
            if (version >= 5) writer.WriteString(GroupInstanceId, flexible);
            writer.WriteBytes(Metadata.Span, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
