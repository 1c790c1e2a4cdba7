using Millrace.Kafka.Protocol.Messages;
using Millrace.Kafka.Protocol.Tests.Golden;

namespace Millrace.Kafka.Protocol.Tests.Messages;

/// <summary>What the golden frames say, field by field where it matters.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("kcat-2.0.2", 7)]
    [InlineData("librdkafka-2.15", 10)]
    [InlineData("apache-4.3.1", 12)]
    public void Produce_carries_one_record_batch_per_partition(string client, short version)
    {
        var request = Read<ProduceRequest>(client, ApiKey.Produce, version);
        Assert.Equal(-1, request.Acks);
        var partition = Assert.Single(Assert.Single(request.Topics).Partitions);
        Assert.Equal(2, partition.Records!.Value.Span[16]); // magic: record batch v2
    }

    [Fact]
    public void Fetch_of_an_old_client_names_its_topics()
    {
        var request = Read<FetchRequest>("kcat-2.0.2", ApiKey.Fetch, 11);
        Assert.Equal("user_clicks", request.Topics[0].Name);
        Assert.Equal((500, 1), (request.MaxWaitMs, request.MinBytes));
        Assert.Equal((0, -1), (request.SessionId, request.SessionEpoch));
        Assert.True(request.ReadCommitted);
        Assert.Equal(1048576, request.Topics[0].Partitions[0].MaxBytes);
    }

    [Theory]
    [InlineData("librdkafka-2.15", 16)]
    [InlineData("apache-4.3.1", 17)]
    public void Fetch_of_a_new_client_gives_topic_ids(string client, short version)
    {
        var topic = Assert.Single(Read<FetchRequest>(client, ApiKey.Fetch, version).Topics);
        Assert.Null(topic.Name);
        Assert.NotEqual(Guid.Empty, topic.Id);
    }

    [Fact]
    public void CreateTopics_carries_the_configs()
    {
        var request = Read<CreateTopicsRequest>("apache-4.3.1", ApiKey.CreateTopics, 7);
        var topic = Assert.Single(request.Topics);
        Assert.Equal(("java_topic", 2, (short)-1), (topic.Name, topic.PartitionCount, topic.ReplicationFactor));
        Assert.Equal(new CreateTopicsRequest.Config("retention.ms", "60000"), Assert.Single(topic.Configs));
        Assert.False(request.ValidateOnly);
    }

    [Fact]
    public void DeleteTopics_before_version_6_is_a_list_of_names()
    {
        var topic = Assert.Single(Read<DeleteTopicsRequest>("kafkajs-2.2.4", ApiKey.DeleteTopics, 1).Topics);
        Assert.Equal(new DeleteTopicsRequest.Topic("js_topic", Guid.Empty), topic);
    }

    [Fact]
    public void Metadata_without_topics_means_all_of_them_in_version_0_and_none_in_version_1()
    {
        ReadOnlyMemory<byte> noTopics = new byte[4];
        var reader = new KafkaReader(noTopics);
        Assert.Null(MetadataRequest.Read(ref reader, version: 0).Topics);
        reader = new KafkaReader(noTopics);
        Assert.Empty(MetadataRequest.Read(ref reader, version: 1).Topics!);
    }

    [Fact]
    public void ListOffsets_names_timestamps_and_leader_epochs()
    {
        var partition = Assert.Single(Assert.Single(Read<ListOffsetsRequest>("librdkafka-2.15", ApiKey.ListOffsets, 7).Topics).Partitions);
        Assert.InRange(partition.Timestamp, -2, 1);
        Assert.InRange(partition.CurrentLeaderEpoch, -1, 0);
    }

    static T Read<T>(string client, ApiKey apiKey, short version) =>
        (T)RequestReaders.ReadFrame(GoldenFrame.Find(client, apiKey, version).Bytes, apiKey, version).Request;
}
