using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Protocol.Tests.Golden;

/// <summary>How each API's request is read, for tests that go over all of them.</summary>
static class RequestReaders
{
    public delegate object Read(ref KafkaReader reader, short version);

    static readonly Dictionary<ApiKey, (Read Read, short FirstFlexible)> ByKey = new()
    {
        [ApiKey.Produce] = (ProduceRequest.Read, ProduceRequest.FirstFlexible),
        [ApiKey.Fetch] = (FetchRequest.Read, FetchRequest.FirstFlexible),
        [ApiKey.ListOffsets] = (ListOffsetsRequest.Read, ListOffsetsRequest.FirstFlexible),
        [ApiKey.Metadata] = (MetadataRequest.Read, MetadataRequest.FirstFlexible),
        [ApiKey.OffsetCommit] = (OffsetCommitRequest.Read, OffsetCommitRequest.FirstFlexible),
        [ApiKey.OffsetFetch] = (OffsetFetchRequest.Read, OffsetFetchRequest.FirstFlexible),
        [ApiKey.FindCoordinator] = (FindCoordinatorRequest.Read, FindCoordinatorRequest.FirstFlexible),
        [ApiKey.JoinGroup] = (JoinGroupRequest.Read, JoinGroupRequest.FirstFlexible),
        [ApiKey.Heartbeat] = (HeartbeatRequest.Read, HeartbeatRequest.FirstFlexible),
        [ApiKey.LeaveGroup] = (LeaveGroupRequest.Read, LeaveGroupRequest.FirstFlexible),
        [ApiKey.SyncGroup] = (SyncGroupRequest.Read, SyncGroupRequest.FirstFlexible),
        [ApiKey.DescribeGroups] = (DescribeGroupsRequest.Read, DescribeGroupsRequest.FirstFlexible),
        [ApiKey.ListGroups] = (ListGroupsRequest.Read, ListGroupsRequest.FirstFlexible),
        [ApiKey.ApiVersions] = (ApiVersionsRequest.Read, ApiVersionsRequest.FirstFlexible),
        [ApiKey.CreateTopics] = (CreateTopicsRequest.Read, CreateTopicsRequest.FirstFlexible),
        [ApiKey.DeleteTopics] = (DeleteTopicsRequest.Read, DeleteTopicsRequest.FirstFlexible),
        [ApiKey.DeleteRecords] = (DeleteRecordsRequest.Read, DeleteRecordsRequest.FirstFlexible),
        [ApiKey.InitProducerId] = (InitProducerIdRequest.Read, InitProducerIdRequest.FirstFlexible),
        [ApiKey.OffsetForLeaderEpoch] = (OffsetForLeaderEpochRequest.Read, OffsetForLeaderEpochRequest.FirstFlexible),
        [ApiKey.DescribeConfigs] = (DescribeConfigsRequest.Read, DescribeConfigsRequest.FirstFlexible),
        [ApiKey.DescribeLogDirs] = (DescribeLogDirsRequest.Read, DescribeLogDirsRequest.FirstFlexible),
        [ApiKey.CreatePartitions] = (CreatePartitionsRequest.Read, CreatePartitionsRequest.FirstFlexible),
        [ApiKey.DeleteGroups] = (DeleteGroupsRequest.Read, DeleteGroupsRequest.FirstFlexible),
        [ApiKey.IncrementalAlterConfigs] = (IncrementalAlterConfigsRequest.Read, IncrementalAlterConfigsRequest.FirstFlexible),
        [ApiKey.OffsetDelete] = (static (ref reader, _) => OffsetDeleteRequest.Read(ref reader), short.MaxValue),
        [ApiKey.DescribeCluster] = (DescribeClusterRequest.Read, DescribeClusterRequest.FirstFlexible),
    };

    /// <summary>Reads header and body of a frame.</summary>
    /// <returns>The request, and how many bytes it left over.</returns>
    public static (object Request, int Left) ReadFrame(ReadOnlyMemory<byte> frame, ApiKey apiKey, short version)
    {
        var (read, firstFlexible) = ByKey[apiKey];
        var reader = new KafkaReader(frame);
        Assert.Equal((short)apiKey, reader.ReadInt16());
        Assert.Equal(version, reader.ReadInt16());
        reader.ReadInt32();
        reader.ReadNullableString(flexible: false);
        reader.SkipTaggedFields(version >= firstFlexible);
        var request = read(ref reader, version);
        return (request, reader.Remaining);
    }
}
