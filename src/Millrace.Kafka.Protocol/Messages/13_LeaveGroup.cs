namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// LeaveGroup, versions 0 to 5 (Apache Kafka, clients/src/main/resources/common/message/LeaveGroupRequest.json). Up to version 2 one member
/// leaves, since version 3 any number do; here it is a list in every version. What each adds:
/// <code>
/// 1  the answer has the throttle time (KIP-124)
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  several members, static ones by instance id (KIP-345)
/// 4  flexible (KIP-482)
/// 5  reason (KIP-800)
/// </code>
/// </summary>
public sealed record LeaveGroupRequest(string GroupId, LeaveGroupRequest.Member[] Members)
{
    public const short FirstFlexible = 4;

    /// <summary>From here on a request and its answer hold several members.</summary>
    public const short FirstBatched = 3;

    public static LeaveGroupRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new LeaveGroupRequest(
            reader.ReadString(flexible),
            version >= FirstBatched
                ? reader.ReadArray(flexible, (ref r) => Member.Read(ref r, version, flexible))
                : [new Member(reader.ReadString(flexible), null)]);
        reader.SkipTaggedFields(flexible);
        return request;
    }

    /// <summary>A client's side, without a reason; one member before <see cref="FirstBatched"/>.</summary>
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= FirstFlexible;
        writer.WriteString(GroupId, flexible);
        if (version >= FirstBatched) writer.WriteArray(Members, flexible, (w, member) => member.Write(w, version, flexible));
        else writer.WriteString(Members[0].MemberId, flexible);
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="MemberId">Empty when an admin client removes a static member by its instance id.</param>
    /// <param name="GroupInstanceId">null for a dynamic member.</param>
    public readonly record struct Member(string MemberId, string? GroupInstanceId)
    {
        internal static Member Read(ref KafkaReader reader, short version, bool flexible)
        {
            var member = new Member(reader.ReadString(flexible), reader.ReadNullableString(flexible));
            if (version >= 5) reader.ReadNullableString(flexible); // reason (KIP-800): for people who read logs
            reader.SkipTaggedFields(flexible);
            return member;
        }

        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(MemberId, flexible);
            writer.WriteString(GroupInstanceId, flexible);
            if (version >= 5) writer.WriteString(null, flexible); // reason
            writer.WriteNoTaggedFields(flexible);
        }
    }
}

/// <summary>Answer to <see cref="LeaveGroupRequest"/>: the members of the request, in its order.</summary>
/// <param name="Error">
/// About the whole group. Before <see cref="LeaveGroupRequest.FirstBatched"/> the one member's error takes its place.
/// </param>
public sealed record LeaveGroupResponse(ErrorCode Error, LeaveGroupResponse.Member[] Members)
{
    /// <summary>A client's side.</summary>
    public static LeaveGroupResponse Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= LeaveGroupRequest.FirstFlexible;
        if (version >= 1) reader.ReadInt32(); // throttle time, ms
        var error = reader.ReadErrorCode();
        var response = new LeaveGroupResponse(
            error,
            version >= LeaveGroupRequest.FirstBatched ? reader.ReadArray(flexible, (ref r) => Member.Read(ref r, flexible)) : []);
        reader.SkipTaggedFields(flexible);
        return response;
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= LeaveGroupRequest.FirstFlexible;
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        if (version >= LeaveGroupRequest.FirstBatched)
        {
            writer.WriteErrorCode(Error);
            writer.WriteArray(Members, flexible, (w, member) => member.Write(w, flexible));
        }
        else
        {
            writer.WriteErrorCode(Error != ErrorCode.None || Members.Length == 0 ? Error : Members[0].Error);
        }
        writer.WriteNoTaggedFields(flexible);
    }

    public readonly record struct Member(string MemberId, string? GroupInstanceId, ErrorCode Error)
    {
        internal static Member Read(ref KafkaReader reader, bool flexible)
        {
            var member = new Member(reader.ReadString(flexible), reader.ReadNullableString(flexible), reader.ReadErrorCode());
            reader.SkipTaggedFields(flexible);
            return member;
        }

        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(MemberId, flexible);
            writer.WriteString(GroupInstanceId, flexible);
            writer.WriteErrorCode(Error);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
