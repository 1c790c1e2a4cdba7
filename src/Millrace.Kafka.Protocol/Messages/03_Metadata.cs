namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// Metadata, versions 0 to 13 (Apache Kafka, clients/src/main/resources/common/message/MetadataRequest.json). What each adds:
/// <code>
///  1  racks, controller id, internal topics; null is all topics, and an empty list none (KIP-4)
///  2  cluster id (KIP-78)
///  3  the answer has the throttle time (KIP-124)
///  4  whether absent topics may be made
///  5  replicas that are offline (KIP-112)
///  6  a quota that is exceeded delays the client, not the answer (KIP-219)
///  7  leader epochs (KIP-320)
///  8  authorized operations (KIP-430)
///  9  flexible (KIP-482)
/// 10  topic ids in the answer (KIP-516)
/// 11  authorized operations of the cluster are left to DescribeCluster (KIP-700)
/// 12  topics may be asked for by id (KIP-516)
/// 13  the answer has an error of its own (KIP-1102)
/// </code>
/// </summary>
/// <param name="Topics">null for every topic, empty for none.</param>
public sealed record MetadataRequest(MetadataRequest.Topic[]? Topics, bool AllowAutoTopicCreation)
{
    public const short FirstFlexible = 9;

    public static MetadataRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var topics = reader.ReadNullableArray(flexible, (ref r) => Topic.Read(ref r, version, flexible));
        if (version == 0 && topics is []) topics = null; // version 0 has no null and says "all" by an empty list
        var allowAutoTopicCreation = version < 4 || reader.ReadBoolean();
        if (version is >= 8 and <= 10) reader.ReadBoolean(); // include cluster authorized operations
        if (version >= 8) reader.ReadBoolean(); // include topic authorized operations
        reader.SkipTaggedFields(flexible);
        return new(topics, allowAutoTopicCreation);
    }

    /// <param name="Id">Empty when the topic is asked for by name.</param>
    /// <param name="Name">Says nothing when the topic is asked for by id, since version 12: most send null, Java's admin "".</param>
    public sealed record Topic(Guid Id, string? Name)
    {
        /// <summary>An id is what counts, whatever the name beside it (Apache Kafka, KafkaApis.scala: useTopicId).</summary>
        public bool IsById => Id != Guid.Empty;

        internal static Topic Read(ref KafkaReader reader, short version, bool flexible)
        {
            var topic = version >= 10
                ? new Topic(reader.ReadUuid(), reader.ReadNullableString(flexible))
                : new Topic(Guid.Empty, reader.ReadString(flexible));
            reader.SkipTaggedFields(flexible);
            return topic;
        }
    }
}

/// <summary>Answer to <see cref="MetadataRequest"/>.</summary>
public sealed record MetadataResponse(
    MetadataResponse.Broker[] Brokers, string ClusterId, int ControllerId, MetadataResponse.Topic[] Topics)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= MetadataRequest.FirstFlexible;
        if (version >= 3) writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Brokers, flexible, (w, broker) => broker.Write(w, version, flexible));
        if (version >= 2) writer.WriteString(ClusterId, flexible);
        if (version >= 1) writer.WriteInt32(ControllerId);
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, version, flexible));
        if (version is >= 8 and <= 10) writer.WriteInt32(AuthorizedOperations.NotKnown);
        if (version >= 13) writer.WriteErrorCode(ErrorCode.None);
        writer.WriteNoTaggedFields(flexible);
    }

    public sealed record Broker(int NodeId, string Host, int Port)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteInt32(NodeId);
            writer.WriteString(Host, flexible);
            writer.WriteInt32(Port);
            if (version >= 1) writer.WriteString(null, flexible); // rack
            writer.WriteNoTaggedFields(flexible);
        }
    }

    /// <param name="Name">null when an unknown topic was asked for by id.</param>
    public sealed record Topic(ErrorCode Error, string? Name, Guid Id, Partition[] Partitions)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteErrorCode(Error);
            writer.WriteString(version >= 12 ? Name : Name ?? "", flexible);
            if (version >= 10) writer.WriteUuid(Id);
            if (version >= 1) writer.WriteBoolean(false); // is internal
            writer.WriteArray(Partitions, flexible, (w, partition) => partition.Write(w, version, flexible));
            if (version >= 8) writer.WriteInt32(AuthorizedOperations.NotKnown);
            writer.WriteNoTaggedFields(flexible);
        }
    }

    public readonly record struct Partition(
        ErrorCode Error, int Index, int LeaderId, int LeaderEpoch, int[] Replicas, int[] OfflineReplicas)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteErrorCode(Error);
            writer.WriteInt32(Index);
            writer.WriteInt32(LeaderId);
            if (version >= 7) writer.WriteInt32(LeaderEpoch);
            writer.WriteInt32Array(Replicas, flexible);
            writer.WriteInt32Array(Replicas, flexible); // in-sync replicas
            if (version >= 5) writer.WriteInt32Array(OfflineReplicas, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
