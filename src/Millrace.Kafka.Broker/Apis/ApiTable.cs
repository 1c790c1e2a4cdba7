using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>
/// Every API that is served, one line each: what the dispatcher goes by and what ApiVersions answers. Immutable.
/// Raising a minimum can shut out librdkafka before 2.12, which looks for exact versions to tell what a broker can (rdkafka_feature.c):
/// Produce 3 and 7, Fetch 4 and 10, ListOffsets 1, OffsetCommit 2, OffsetFetch 1, and 0 of the group APIs and InitProducerId.
/// </summary>
static class ApiTable
{
    public static IReadOnlyList<Api> All { get; } =
    [
        // Versions 0 to 2 are advertised and refused: librdkafka before 2.12 compresses only when Produce 0 is there (KAFKA-18659).
        new(ApiKey.Produce, 3, 12, ProduceRequest.FirstFlexible, ProduceApi.HandleAsync, AdvertisedMinVersion: 0),
        new(ApiKey.Fetch, 4, 17, FetchRequest.FirstFlexible, FetchApi.HandleAsync),
        new(ApiKey.ListOffsets, 1, 10, ListOffsetsRequest.FirstFlexible, ListOffsetsApi.HandleAsync),
        new(ApiKey.Metadata, 0, 13, MetadataRequest.FirstFlexible, MetadataApi.HandleAsync),
        new(ApiKey.OffsetCommit, 2, 9, OffsetCommitRequest.FirstFlexible, OffsetCommitApi.HandleAsync),
        new(ApiKey.OffsetFetch, 1, 9, OffsetFetchRequest.FirstFlexible, OffsetFetchApi.HandleAsync),
        new(ApiKey.FindCoordinator, 0, 6, FindCoordinatorRequest.FirstFlexible, FindCoordinatorApi.HandleAsync),
        new(ApiKey.JoinGroup, 0, 9, JoinGroupRequest.FirstFlexible, JoinGroupApi.HandleAsync),
        new(ApiKey.Heartbeat, 0, 4, HeartbeatRequest.FirstFlexible, HeartbeatApi.HandleAsync),
        new(ApiKey.LeaveGroup, 0, 5, LeaveGroupRequest.FirstFlexible, LeaveGroupApi.HandleAsync),
        new(ApiKey.SyncGroup, 0, 5, SyncGroupRequest.FirstFlexible, SyncGroupApi.HandleAsync),
        new(ApiKey.DescribeGroups, 0, 6, DescribeGroupsRequest.FirstFlexible, DescribeGroupsApi.HandleAsync),
        new(ApiKey.ListGroups, 0, 5, ListGroupsRequest.FirstFlexible, ListGroupsApi.HandleAsync),
        new(ApiKey.ApiVersions, 0, 4, ApiVersionsRequest.FirstFlexible, ApiVersionsApi.HandleAsync),
        new(ApiKey.CreateTopics, 2, 7, CreateTopicsRequest.FirstFlexible, CreateTopicsApi.HandleAsync),
        new(ApiKey.DeleteTopics, 1, 6, DeleteTopicsRequest.FirstFlexible, DeleteTopicsApi.HandleAsync),
        new(ApiKey.DeleteRecords, 0, 2, DeleteRecordsRequest.FirstFlexible, DeleteRecordsApi.HandleAsync),
        new(ApiKey.InitProducerId, 0, 5, InitProducerIdRequest.FirstFlexible, InitProducerIdApi.HandleAsync),
        new(ApiKey.OffsetForLeaderEpoch, 2, 4, OffsetForLeaderEpochRequest.FirstFlexible, OffsetForLeaderEpochApi.HandleAsync),
        new(ApiKey.DescribeConfigs, 1, 4, DescribeConfigsRequest.FirstFlexible, DescribeConfigsApi.HandleAsync),
        new(ApiKey.DescribeLogDirs, 1, 5, DescribeLogDirsRequest.FirstFlexible, DescribeLogDirsApi.HandleAsync),
        new(ApiKey.CreatePartitions, 0, 3, CreatePartitionsRequest.FirstFlexible, CreatePartitionsApi.HandleAsync),
        new(ApiKey.DeleteGroups, 0, 2, DeleteGroupsRequest.FirstFlexible, DeleteGroupsApi.HandleAsync),
        new(
            ApiKey.IncrementalAlterConfigs, 0, 1, IncrementalAlterConfigsRequest.FirstFlexible, IncrementalAlterConfigsApi.HandleAsync),
        new(ApiKey.OffsetDelete, 0, 0, Api.NeverFlexible, OffsetDeleteApi.HandleAsync),
        new(ApiKey.DescribeCluster, 0, 2, DescribeClusterRequest.FirstFlexible, DescribeClusterApi.HandleAsync),
    ];

    static readonly Dictionary<ApiKey, Api> ByKey = All.ToDictionary(api => api.Key);

    /// <summary>null when the API is not served.</summary>
    public static Api? Find(ApiKey key) => ByKey.GetValueOrDefault(key);
}
