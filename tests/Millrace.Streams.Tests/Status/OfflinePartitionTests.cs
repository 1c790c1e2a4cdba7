using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;
using Millrace.Streams.Status;
using Millrace.Streams.Tests.Audit;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Status;

/// <summary>Partition 0 of a topic is in trouble: all that is shown of topics says so, and shows the others.</summary>
[Collection(ServersCollection.Name)]
public class OfflinePartitionTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task A_partition_whose_files_the_broker_can_not_open_is_offline_and_the_others_are_shown()
    {
        using var directory = new TemporaryDirectory();
        var options = new BrokerOptions { DataDirectory = directory.Sub("broker"), Port = 0 };
        AuditedStream stream;
        await using (var broker = await StartAsync(options))
        {
            stream = await AuditedStream.CreateAsync(Servers, $"{broker.EndPoint}");
            await FillAsync(stream);
        }
        using var filled = stream;
        var segment = Directory.GetFiles(directory.Sub("broker"), "*.log", SearchOption.AllDirectories)
            .Single(path => path.Contains($"{TopicOf(stream)}-0/", StringComparison.Ordinal));
        File.Delete(segment);
        Directory.CreateDirectory(segment);

        await using var again = await StartAsync(options);

        await AssertOthersAreShownAsync(stream.At($"{again.EndPoint}"), PartitionStates.NoLeader);
    }

    [Theory]
    [RequiresInlineData(Prerequisite.ApacheKafka, true)]
    [RequiresInlineData(Prerequisite.ApacheKafka, false)]
    public async Task A_broker_of_several_that_is_stopped_or_has_just_died_takes_only_its_partitions_along(bool stopped)
    {
        // Of a broker that died the cluster says for so long that it leads its partitions.
        await using var kafka = await ApacheKafkaServer.StartAsync("broker.session.timeout.ms=600000");
        using var stream = await AuditedStream.CreateAsync(Servers, kafka.Bootstrap);
        await AskForCommittedAsync(stream);
        await using var other = await kafka.StartAnotherAsync(id: 2);
        await CreateOnAsync(stream, 2, 1, 1);
        await FillAsync(stream);

        if (stopped) await other.StopAsync();
        else await other.KillAsync();

        await AssertOthersAreShownAsync(stream, leader: stopped ? PartitionStates.NoLeader : 2);
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_broker_that_has_just_died_takes_along_what_it_alone_knows_of_the_group_and_the_rest_is_shown()
    {
        await using var kafka = await ApacheKafkaServer.StartAsync("broker.session.timeout.ms=600000");
        using var stream = await AuditedStream.CreateAsync(Servers, kafka.Bootstrap);
        await using var other = await kafka.StartAnotherAsync(id: 2);
        await CreateOnAsync(stream, "__consumer_offsets", 2);
        await CreateOnAsync(stream, 1, 1, 2);
        await FillAsync(stream);

        await other.KillAsync();

        var report = await StandAudit.RunAsync(
            stream.Endpoints, stream.Catalog, 1, readerLimit: TimeSpan.Zero, CancellationToken.None);
        Assert.Contains("no answer from broker 2 at ", report.ReadersUnknown, StringComparison.Ordinal);
        Assert.True(report.HasTrouble);
        var partitions = report.Topics.Single().Partitions;
        Assert.All(partitions.Take(2), partition => Assert.Contains("coordinator", partition.Error, StringComparison.Ordinal));
        AssertOffline(partitions[2].Error);
        Assert.Equal([2, 2, null], partitions.Select(partition => partition.Records));
        Assert.Equal((2, null), (partitions[0].Rows, partitions[0].CommittedOffset));
        using var admin = new KafkaAdmin(stream.Endpoints);
        var groups = await admin.FindGroupsAsync();
        AssertSilent(2, groups.Silent);
        Assert.DoesNotContain(groups.Groups, group => group.GroupId == stream.Endpoints.Identity.Group);
        await Assert.ThrowsAsync<KafkaUnavailableException>(() => admin.ListGroupsAsync());
    }

    static string TopicOf(AuditedStream stream) => stream.Catalog.Streams.Single().Topic;

    static Task<BrokerHost> StartAsync(BrokerOptions options) =>
        BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>Two records in partitions 0 and 1, of which those of partition 0 are stored.</summary>
    static async Task FillAsync(AuditedStream stream)
    {
        stream.Produce("a", "b");
        TestTopic.Produce(stream.Endpoints, TopicOf(stream), 1, ["c", "d"]);
        await stream.CommitAsync(2);
        await stream.Store(0, 1);
    }

    /// <summary>Makes __consumer_offsets, on the only broker there is: it is not to go away with the other.</summary>
    static async Task AskForCommittedAsync(AuditedStream stream)
    {
        using var kafka = new KafkaAdmin(stream.Endpoints);
        var group = stream.Endpoints.Identity.Group;
        TopicPartition[] any = [new(TopicOf(stream), 0)];
        await Eventually.Holds(
            async () => (await kafka.Offsets.CommittedAsync(group, any)).Count == 0, "the group has a coordinator");
    }

    /// <param name="brokers">Of each partition the one that has it.</param>
    static Task CreateOnAsync(AuditedStream stream, params int[] brokers) => CreateOnAsync(stream, TopicOf(stream), brokers);

    static async Task CreateOnAsync(AuditedStream stream, string name, params int[] brokers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(stream.Endpoints))).Build();
        var topic = new TopicSpecification
        {
            Name = name,
            NumPartitions = brokers.Length,
            ReplicasAssignments = brokers.Index().ToDictionary(partition => partition.Index, partition => new List<int> { partition.Item }),
        };
        await Eventually.Holds(() => admin.GetMetadata(TimeSpan.FromSeconds(5)).Brokers.Count == 2, "the cluster knows both brokers");
        await admin.CreateTopicsAsync([topic]);
    }

    static async Task AssertOthersAreShownAsync(AuditedStream stream, int leader)
    {
        using var kafka = new KafkaAdmin(stream.Endpoints);
        var topic = (await kafka.ListTopicsAsync()).Single(topic => topic.Name == TopicOf(stream));
        var offline = topic.Partitions[0];
        AssertOffline(offline.Error);
        Assert.Equal((leader, null, null), (offline.Leader, offline.LogStartOffset, offline.LogEndOffset));
        Assert.Equal([2, 0], topic.Partitions.Skip(1).Select(partition => partition.Records));
        Assert.Equal(2, topic.Records);

        var groups = await kafka.FindGroupsAsync();
        AssertSilent(leader, groups.Silent);
        var group = groups.Groups.Single(group => group.GroupId == stream.Endpoints.Identity.Group);
        AssertOffline(group.Partitions[0].Error);
        Assert.Equal([null, 2, 0], group.Partitions.Select(partition => partition.Lag));

        var read = await StandAudit.RunAsync(stream.Endpoints, stream.Catalog, 1, readerLimit: TimeSpan.Zero, CancellationToken.None);
        Assert.Null(read.ReadersUnknown);
        Assert.All(read.Topics.Single().Partitions, partition => Assert.True(partition.ReadByNobody));
        var report = await StandAudit.RunAsync(stream.Endpoints, stream.Catalog, 1, readerLimit: null, CancellationToken.None);
        var partitions = report.Topics.Single().Partitions;
        AssertOffline(partitions[0].Error);
        Assert.Equal((2, null, null), (partitions[0].Rows, partitions[0].Records, partitions[0].StoredBeyondLogEnd));
        Assert.Equal([true, false, false], partitions.Select(partition => partition.HasTrouble));
        Assert.Equal([2, 0], partitions.Skip(1).Select(partition => partition.NotYetRead));

        using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, TimeProvider.System);
        // It gives Kafka a second.
        var status = await Eventually.Gives(
            () => reader.ReadAsync(CancellationToken.None), status => status.KafkaTrouble is null, "Kafka answers the live table");
        var shown = status.Streams.Single();
        Assert.StartsWith($"{TopicOf(stream)}, partition 0: offline: ", shown.Trouble, StringComparison.Ordinal);
        Assert.Equal((2, 2, 2), (shown.LogEndOffset, shown.Lag, shown.Rows));
    }

    /// <param name="broker">The one that died; -1: the cluster knows which are there.</param>
    static void AssertSilent(int broker, IReadOnlyList<string> silent)
    {
        if (broker == PartitionStates.NoLeader) Assert.Empty(silent);
        else Assert.StartsWith($"broker {broker} at ", Assert.Single(silent), StringComparison.Ordinal);
    }

    static void AssertOffline(string? error) => Assert.StartsWith("offline: ", error, StringComparison.Ordinal);
}
