using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Apis;

/// <summary>
/// Errors that the headers of the API files name and that no recording of Apache Kafka covers: what this broker lacks, and requests that
/// contradict themselves.
/// </summary>
public sealed class RefusalTests : OneTopicTests
{
    [Theory]
    [InlineData("", ErrorCode.InvalidRequest)]
    [InlineData("transfers", ErrorCode.TransactionalIdAuthorizationFailed)]
    public async Task A_transactional_id_gets_no_producer_id(string transactionalId, ErrorCode expected)
    {
        var answer = await AskAsync(ApiKey.InitProducerId, 1, writer =>
        {
            writer.WriteString(transactionalId, flexible: false);
            writer.WriteInt32(60_000); // transaction timeout, ms
        });
        Assert.Equal(expected, ErrorIn(answer, at: 4));
    }

    [Fact]
    public async Task The_coordinator_of_a_share_group_is_an_invalid_request()
    {
        var answer = await AskAsync(ApiKey.FindCoordinator, 1, writer =>
        {
            writer.WriteString("share", flexible: false);
            writer.WriteInt8(2);
        });
        Assert.Equal(ErrorCode.InvalidRequest, ErrorIn(answer, at: 4));
    }

    [Fact]
    public async Task Controllers_are_no_endpoints_of_this_listener()
    {
        var answer = await AskAsync(ApiKey.DescribeCluster, 1, writer =>
        {
            writer.WriteBoolean(false); // include authorized operations
            writer.WriteInt8(2);
            writer.WriteNoTaggedFields(flexible: true);
        });
        Assert.Equal(ErrorCode.UnsupportedEndpointType, ErrorIn(answer, at: 4));
    }

    [Theory]
    [InlineData(2, "nobody", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(4, "2", ErrorCode.InvalidRequest)] // another broker
    [InlineData(8, "1", ErrorCode.InvalidRequest)] // a broker's loggers (KIP-412)
    public async Task Configs_of_what_is_not_here_are_refused(sbyte type, string name, ErrorCode expected)
    {
        var answer = await AskAsync(ApiKey.DescribeConfigs, 1, writer =>
        {
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteInt8(type);
            writer.WriteString(name, flexible: false);
            writer.WriteArrayLength(-1, flexible: false);
            writer.WriteBoolean(false); // include synonyms
        });
        Assert.Equal(expected, ErrorIn(answer, at: 8));
    }

    [Theory]
    [InlineData(1, -1, 0, 1, ErrorCode.InvalidRequest)] // an assignment beside a partition count
    [InlineData(-1, 1, 0, 1, ErrorCode.InvalidRequest)] // and beside a replication factor
    [InlineData(-1, -1, 0, 2, ErrorCode.InvalidReplicaAssignment)] // on another broker
    [InlineData(-1, -1, 1, 1, ErrorCode.InvalidReplicaAssignment)] // of partition 1 alone
    [InlineData(-1, -1, 0, 1, ErrorCode.None)]
    public async Task A_topic_is_assigned_to_this_broker_or_refused(
        int partitionCount, short replicationFactor, int partition, int brokerId, ErrorCode expected)
    {
        var answer = await AskAsync(ApiKey.CreateTopics, 2, writer =>
        {
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteString("new", flexible: false);
            writer.WriteInt32(partitionCount);
            writer.WriteInt16(replicationFactor);
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteInt32(partition);
            writer.WriteInt32Array([brokerId], flexible: false);
            writer.WriteArrayLength(0, flexible: false); // configs
            writer.WriteInt32(30_000); // timeout, ms
            writer.WriteBoolean(true); // validate only
        });
        Assert.Equal(expected, ErrorIn(answer, at: 8 + 2 + "new".Length));
    }

    [Fact]
    public async Task A_topic_to_be_deleted_by_neither_name_nor_id_is_an_invalid_request()
    {
        var answer = await AskAsync(ApiKey.DeleteTopics, 6, writer =>
        {
            writer.WriteArrayLength(1, flexible: true);
            writer.WriteString(null, flexible: true);
            writer.WriteUuid(Guid.Empty);
            writer.WriteNoTaggedFields(flexible: true);
            writer.WriteInt32(30_000); // timeout, ms
            writer.WriteNoTaggedFields(flexible: true);
        });
        Assert.Equal(ErrorCode.InvalidRequest, ErrorIn(answer, at: 4 + 1 + 1 + 16));
    }

    [Fact]
    public async Task A_special_timestamp_that_nobody_knows_is_an_unsupported_version()
    {
        var answer = await AskAsync(ApiKey.ListOffsets, 1, writer =>
        {
            writer.WriteInt32(-1); // replica id
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteString("t", flexible: false);
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteInt32(0);
            writer.WriteInt64(-99);
        });
        Assert.Equal(ErrorCode.UnsupportedVersion, ErrorIn(answer, at: 4 + 2 + "t".Length + 4 + 4));
    }

    Task<ReadOnlyMemory<byte>> AskAsync(ApiKey api, short version, Action<KafkaWriter> body) => Client.AskAsync(api, version, body);

    /// <param name="at">Bytes before the error code: throttle time, lengths and what names the thing.</param>
    static ErrorCode ErrorIn(ReadOnlyMemory<byte> answer, int at) => (ErrorCode)new KafkaReader(answer[at..]).ReadInt16();
}
