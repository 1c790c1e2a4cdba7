namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// ApiVersions, versions 0 to 4 (Apache Kafka, clients/src/main/resources/common/message/ApiVersionsRequest.json). What each adds:
/// <code>
/// 1  the answer has the throttle time (KIP-124)
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  flexible, save for the answer's header (KIP-482); name and version of the client's software (KIP-511)
/// 4  features may begin at 0 (KAFKA-17011)
/// </code>
/// </summary>
/// <param name="ClientSoftwareName">Empty before version 3 (KIP-511).</param>
public sealed record ApiVersionsRequest(string ClientSoftwareName, string ClientSoftwareVersion)
{
    public const short FirstFlexible = 3;

    public static ApiVersionsRequest Read(ref KafkaReader reader, short version)
    {
        if (version < FirstFlexible) return new("", "");
        var request = new ApiVersionsRequest(reader.ReadString(flexible: true), reader.ReadString(flexible: true));
        reader.SkipTaggedFields(flexible: true);
        return request;
    }
}

/// <summary>
/// Answer to <see cref="ApiVersionsRequest"/>. Its header never has tagged fields: the client does not know yet what the broker speaks.
/// </summary>
public sealed record ApiVersionsResponse(ErrorCode Error, IReadOnlyCollection<ApiVersionsResponse.Range> Apis)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= ApiVersionsRequest.FirstFlexible;
        writer.WriteErrorCode(Error);
        writer.WriteArray(Apis, flexible, (w, range) => range.Write(w, flexible));
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        writer.WriteNoTaggedFields(flexible);
    }

    /// <summary>Versions of one API, both bounds inclusive.</summary>
    public readonly record struct Range(ApiKey Key, short Min, short Max)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteInt16((short)Key);
            writer.WriteInt16(Min);
            writer.WriteInt16(Max);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
