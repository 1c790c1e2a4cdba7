namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DescribeCluster, versions 0 to 2, all flexible (Apache Kafka, clients/src/main/resources/common/message/DescribeClusterRequest.json).
/// What each adds:
/// <code>
/// 1  brokers or controllers (KIP-919)
/// 2  fenced brokers, where they are asked for (KIP-1073)
/// </code>
/// </summary>
/// <param name="EndpointType">1 for brokers, 2 for controllers (KIP-919).</param>
public sealed record DescribeClusterRequest(sbyte EndpointType)
{
    public const short FirstFlexible = 0;

    public static DescribeClusterRequest Read(ref KafkaReader reader, short version)
    {
        reader.ReadBoolean(); // include cluster authorized operations
        var request = new DescribeClusterRequest(version >= 1 ? reader.ReadInt8() : (sbyte)1);
        if (version >= 2) reader.ReadBoolean(); // include fenced brokers
        reader.SkipTaggedFields(flexible: true);
        return request;
    }
}

/// <summary>Answer to <see cref="DescribeClusterRequest"/>.</summary>
public sealed record DescribeClusterResponse(
    ErrorCode Error, string? ErrorMessage, sbyte EndpointType, string ClusterId, int ControllerId, DescribeClusterResponse.Broker[] Brokers)
{
    public void Write(KafkaWriter writer, short version)
    {
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteErrorCode(Error);
        writer.WriteString(ErrorMessage, flexible: true);
        if (version >= 1) writer.WriteInt8(EndpointType);
        writer.WriteString(ClusterId, flexible: true);
        writer.WriteInt32(ControllerId);
        writer.WriteArray(Brokers, flexible: true, (w, broker) => broker.Write(w, version));
        writer.WriteInt32(AuthorizedOperations.NotKnown);
        writer.WriteNoTaggedFields(flexible: true);
    }

    public sealed record Broker(int Id, string Host, int Port)
    {
        internal void Write(KafkaWriter writer, short version)
        {
            writer.WriteInt32(Id);
            writer.WriteString(Host, flexible: true);
            writer.WriteInt32(Port);
            writer.WriteString(null, flexible: true); // rack
            if (version >= 2) writer.WriteBoolean(false); // is fenced
            writer.WriteNoTaggedFields(flexible: true);
        }
    }
}
