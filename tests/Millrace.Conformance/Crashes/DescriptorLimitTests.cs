using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;
using Millrace.Testing;

namespace Millrace.Conformance.Crashes;

/// <summary>The broker where it may open 256 files: it refuses what it has no room for, and goes on.</summary>
[Collection(nameof(KafkaBrokers))]
public sealed class DescriptorLimitTests
{
    const int Topics = 60, PartitionsEach = 10, Connections = 300;

    [Fact]
    public async Task Sixty_topics_of_ten_partitions_are_taken_as_far_as_there_is_room_and_the_broker_lives()
    {
        using var broker = new BrokerProcess("ulimit -n 256");
        await broker.StartAsync();

        // 1. Some topics are made, the others are refused with a sentence; nothing is left of these.
        var made = new List<string>();
        var config = new AdminClientConfig { BootstrapServers = broker.Bootstrap };
        using (var admin = new AdminClientBuilder(config).SetLogHandler((_, _) => { }).Build())
        {
            for (var i = 0; i < Topics; i++)
            {
                if (await RefusalAsync(admin, $"t{i}") is not { } refusal) made.Add($"t{i}");
                else Assert.Equal(
                    (ErrorCode.PolicyViolation, true), (refusal.Code, refusal.Reason.Contains("ulimit -n", StringComparison.Ordinal)));
            }
            Assert.InRange(made.Count, 4, Topics / 2);
            Assert.Equal(made.Count * PartitionsEach, PartitionDirectories(broker));
            var partitions = admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics.SelectMany(topic => topic.Partitions);
            Assert.All(partitions, partition => Assert.NotEqual(-1, partition.Leader));
        }
        Assert.Single(broker.Warnings, told => told.Contains("no room for 10 more partitions", StringComparison.Ordinal));

        // 2. More clients than it has room for wait; those that are in are served, and the others once there is room again.
        await Kcat.ProduceAsync(broker.Bootstrap, made[0], ["before"]);
        await WithConnectionsAsync(broker);
        await Kcat.ProduceAsync(broker.Bootstrap, made[^1], ["after"]);
        Assert.Equal(["before"], await Kcat.ConsumeAsync(broker.Bootstrap, made[0]));
        Assert.False(broker.HasEnded);
        Assert.InRange(broker.Warnings.Count(told => told.Contains("connections wait", StringComparison.Ordinal)), 1, 3); // one a minute

        // 3. It stops cleanly, and starts again with all of them.
        Assert.Equal(0, await broker.StopAsync());
        await broker.StartAsync();
        Assert.Equal(["after"], await Kcat.ConsumeAsync(broker.Bootstrap, made[^1]));
        Assert.Equal(made.Count * PartitionsEach, PartitionDirectories(broker));
        Assert.DoesNotContain(broker.Warnings, told => told.Contains("offline", StringComparison.Ordinal));
    }

    /// <summary>Opens more connections than there is room for, and closes them when the broker has said so.</summary>
    static async Task WithConnectionsAsync(BrokerProcess broker)
    {
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                clients.Add(client);
                await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, broker.Port));
            }
            await Eventually.Holds(
                () => broker.Warnings.Any(told => told.Contains("connections wait", StringComparison.Ordinal)),
                "the broker says that it is full");
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    static int PartitionDirectories(BrokerProcess broker) =>
        Directory.EnumerateDirectories(broker.DataDirectory).Count(directory => File.Exists(Path.Combine(directory, "partition.metadata")));

    /// <summary>Null where the topic was made.</summary>
    static async Task<Error?> RefusalAsync(IAdminClient admin, string topic)
    {
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = PartitionsEach }]);
            return null;
        }
        catch (CreateTopicsException e)
        {
            return e.Results.Single().Error;
        }
    }
}
