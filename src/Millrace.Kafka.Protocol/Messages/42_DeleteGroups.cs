namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DeleteGroups, versions 0 to 2 (Apache Kafka, clients/src/main/resources/common/message/DeleteGroupsRequest.json). What each adds:
/// <code>
/// 1  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 2  flexible (KIP-482)
/// </code>
/// </summary>
public sealed record DeleteGroupsRequest(string[] GroupIds)
{
    public const short FirstFlexible = 2;

    public static DeleteGroupsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new DeleteGroupsRequest(reader.ReadStringArray(flexible));
        reader.SkipTaggedFields(flexible);
        return request;
    }
}

/// <summary>Answer to <see cref="DeleteGroupsRequest"/>: the groups of the request, in its order.</summary>
public sealed record DeleteGroupsResponse(DeleteGroupsResponse.Result[] Results)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= DeleteGroupsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Results, flexible, (w, result) => result.Write(w, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    public readonly record struct Result(string GroupId, ErrorCode Error)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(GroupId, flexible);
            writer.WriteErrorCode(Error);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
