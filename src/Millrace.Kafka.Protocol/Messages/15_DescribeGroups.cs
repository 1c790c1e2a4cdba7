namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DescribeGroups, versions 0 to 6 (Apache Kafka, clients/src/main/resources/common/message/DescribeGroupsRequest.json). What each adds:
/// <code>
/// 1  the answer has the throttle time (KIP-124)
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  authorized operations (KIP-430)
/// 4  group instance ids in the answer (KIP-345)
/// 5  flexible (KIP-482)
/// 6  an unknown group is GROUP_ID_NOT_FOUND with a message, no longer a group that is Dead (KIP-1043)
/// </code>
/// </summary>
public sealed record DescribeGroupsRequest(string[] GroupIds)
{
    public const short FirstFlexible = 5;

    /// <summary>From here on an unknown group is an error, and no longer a group that is Dead (KIP-1043).</summary>
    public const short FirstWithUnknownGroupError = 6;

    public static DescribeGroupsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new DescribeGroupsRequest(reader.ReadStringArray(flexible));
        if (version >= 3) reader.ReadBoolean(); // include authorized operations: there is no authorizer
        reader.SkipTaggedFields(flexible);
        return request;
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= FirstFlexible;
        writer.WriteArray(GroupIds, flexible, (w, id) => w.WriteString(id, flexible));
        if (version >= 3) writer.WriteBoolean(false); // include authorized operations
        writer.WriteNoTaggedFields(flexible);
    }
}

/// <summary>Answer to <see cref="DescribeGroupsRequest"/>: the groups of the request, in its order.</summary>
public sealed record DescribeGroupsResponse(DescribeGroupsResponse.Group[] Groups)
{
    public static DescribeGroupsResponse Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= DescribeGroupsRequest.FirstFlexible;
        if (version >= 1) reader.ReadInt32(); // throttle time, ms
        var groups = reader.ReadArray(flexible, (ref r) => Group.Read(ref r, version, flexible));
        reader.SkipTaggedFields(flexible);
        return new(groups);
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= DescribeGroupsRequest.FirstFlexible;
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Groups, flexible, (w, group) => group.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="State">Empty, PreparingRebalance, CompletingRebalance, Stable or Dead.</param>
    /// <param name="ProtocolName">Empty unless the group is stable.</param>
    public sealed record Group(
        ErrorCode Error, string? ErrorMessage, string GroupId, string State, string ProtocolType, string ProtocolName, Member[] Members)
    {
        internal static Group Read(ref KafkaReader reader, short version, bool flexible)
        {
            var error = reader.ReadErrorCode();
            var message = version >= 6 ? reader.ReadNullableString(flexible) : null;
            var group = new Group(
                error, message, reader.ReadString(flexible), reader.ReadString(flexible), reader.ReadString(flexible),
                reader.ReadString(flexible), reader.ReadArray(flexible, (ref r) => Member.Read(ref r, version, flexible)));
            if (version >= 3) reader.ReadInt32(); // authorized operations
            reader.SkipTaggedFields(flexible);
            return group;
        }

        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteErrorCode(Error);
            if (version >= 6) writer.WriteString(ErrorMessage, flexible);
            writer.WriteString(GroupId, flexible);
            writer.WriteString(State, flexible);
            writer.WriteString(ProtocolType, flexible);
            writer.WriteString(ProtocolName, flexible);
            writer.WriteArray(Members, flexible, (w, member) => member.Write(w, version, flexible));
            if (version >= 3) writer.WriteInt32(AuthorizedOperations.NotKnown);
            writer.WriteNoTaggedFields(flexible);
        }
    }

    /// <param name="ClientHost">The client's address after a slash, as Java prints an address without a name.</param>
    /// <param name="Metadata">Empty unless the group is stable.</param>
    public sealed record Member(
        string MemberId, string? GroupInstanceId, string ClientId, string ClientHost, ReadOnlyMemory<byte> Metadata,
        ReadOnlyMemory<byte> Assignment)
    {
        internal static Member Read(ref KafkaReader reader, short version, bool flexible)
        {
            var member = new Member(
                reader.ReadString(flexible), version >= 4 ? reader.ReadNullableString(flexible) : null, reader.ReadString(flexible),
                reader.ReadString(flexible), reader.ReadBytes(flexible), reader.ReadBytes(flexible));
            reader.SkipTaggedFields(flexible);
            return member;
        }

        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(MemberId, flexible);
            if (version >= 4) writer.WriteString(GroupInstanceId, flexible);
            writer.WriteString(ClientId, flexible);
            writer.WriteString(ClientHost, flexible);
            writer.WriteBytes(Metadata.Span, flexible);
            writer.WriteBytes(Assignment.Span, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
