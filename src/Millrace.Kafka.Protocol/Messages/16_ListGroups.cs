namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// ListGroups, versions 0 to 5 (Apache Kafka, clients/src/main/resources/common/message/ListGroupsRequest.json). What each adds:
/// <code>
/// 1  the answer has the throttle time (KIP-124)
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  flexible (KIP-482)
/// 4  states, asked for and in the answer (KIP-518)
/// 5  types, asked for and in the answer (KIP-848)
/// </code>
/// </summary>
/// <param name="StatesFilter">Names of states, in any case; empty for all (since version 4, KIP-518).</param>
/// <param name="TypesFilter">Names of group types, in any case; empty for all (since version 5, KIP-848).</param>
public sealed record ListGroupsRequest(string[] StatesFilter, string[] TypesFilter)
{
    public const short FirstFlexible = 3;

    public static ListGroupsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new ListGroupsRequest(
            version >= 4 ? reader.ReadStringArray(flexible) : [],
            version >= 5 ? reader.ReadStringArray(flexible) : []);
        reader.SkipTaggedFields(flexible);
        return request;
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= FirstFlexible;
        if (version >= 4) writer.WriteArray(StatesFilter, flexible, (w, state) => w.WriteString(state, flexible));
        if (version >= 5) writer.WriteArray(TypesFilter, flexible, (w, type) => w.WriteString(type, flexible));
        writer.WriteNoTaggedFields(flexible);
    }
}

/// <summary>Answer to <see cref="ListGroupsRequest"/>.</summary>
public sealed record ListGroupsResponse(ListGroupsResponse.Group[] Groups, ErrorCode Error = ErrorCode.None)
{
    public static ListGroupsResponse Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= ListGroupsRequest.FirstFlexible;
        if (version >= 1) reader.ReadInt32(); // throttle time, ms
        var error = reader.ReadErrorCode();
        var groups = reader.ReadArray(flexible, (ref r) => Group.Read(ref r, version, flexible));
        reader.SkipTaggedFields(flexible);
        return new(groups, error);
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= ListGroupsRequest.FirstFlexible;
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        writer.WriteErrorCode(Error);
        writer.WriteArray(Groups, flexible, (w, group) => group.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="ProtocolType">Empty for a group that only ever committed offsets.</param>
    public sealed record Group(string GroupId, string ProtocolType, string State, string Type)
    {
        internal static Group Read(ref KafkaReader reader, short version, bool flexible)
        {
            var group = new Group(
                reader.ReadString(flexible), reader.ReadString(flexible),
                version >= 4 ? reader.ReadString(flexible) : "", version >= 5 ? reader.ReadString(flexible) : "");
            reader.SkipTaggedFields(flexible);
            return group;
        }

        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(GroupId, flexible);
            writer.WriteString(ProtocolType, flexible);
            if (version >= 4) writer.WriteString(State, flexible);
            if (version >= 5) writer.WriteString(Type, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
