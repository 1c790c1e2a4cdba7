using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Basics;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Groups;

/// <summary>Groups of librdkafka consumers, which is what ClickHouse's Kafka engine is.</summary>
public sealed class KcatGroupTests : IAsyncLifetime, IDisposable
{
    static readonly string[] Topics = ["user_clicks", "page_views", "orders"];

    readonly TemporaryDirectory _directory = new();
    BrokerHost _broker = null!;

    public async Task InitializeAsync()
    {
        var options = new BrokerOptions { DataDirectory = _directory.Path, Port = 0 };
        _broker = await BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [RequiresFact(Prerequisite.Kcat)]
    public async Task Three_members_with_a_topic_each_share_a_group_and_read_every_record_once()
    {
        foreach (var topic in Topics) await Produce(topic, 0, 100);
        var members = Topics.Select(topic => Join("router", topic)).ToArray();
        try
        {
            await ReadsAll(members, topicCount: 3, perTopic: 100);
            foreach (var (member, topic) in members.Zip(Topics)) Assert.All(member.Records, record => Assert.StartsWith(topic, record));
        }
        finally
        {
            foreach (var member in members) member.Dispose();
        }
    }

    [RequiresFact(Prerequisite.Kcat)]
    public async Task What_a_member_that_left_has_committed_is_not_read_again()
    {
        await Produce("orders", 0, 50);
        using (var first = Join("g", "orders"))
        {
            await ReadsAll([first], topicCount: 1, perTopic: 50);
            await first.StopAsync();
        }
        await Produce("orders", 50, 10);
        using var second = Join("g", "orders");
        await Eventually.Holds(() => second.Records.Length >= 10, "the second member reads on");
        Assert.Equal(Values("orders", 50, 10), second.Records.Order());
    }

    [RequiresFact(Prerequisite.Kcat)]
    public async Task The_partitions_of_a_killed_member_go_to_the_one_that_stays()
    {
        await Produce("orders", 0, 30);
        using var stays = Join("g", "orders");
        using var dies = Join("g", "orders");
        await Eventually.Holds(() => stays.Assignment.Count > 0 && dies.Assignment.Count > 0, "both have partitions");
        await Eventually.Holds(() => stays.Records.Length + dies.Records.Length >= 30, "both have read");
        dies.Kill();
        await Produce("orders", 30, 30);
        await Eventually.Holds(
            () => Values("orders", 30, 30).All(stays.Records.Contains), "the one that stays reads what came after", TimeSpan.FromSeconds(120));
    }

    static async Task ReadsAll(KcatMember[] members, int topicCount, int perTopic)
    {
        await Eventually.Holds(() => members.Sum(member => member.Records.Length) >= topicCount * perTopic, "all records are read", TimeSpan.FromSeconds(120));
        Assert.Equal(topicCount * perTopic, members.SelectMany(member => member.Records).Distinct().Count());
        Assert.Equal(topicCount * perTopic, members.Sum(member => member.Records.Length));
    }

    static IEnumerable<string> Values(string topic, int first, int count) => Enumerable.Range(first, count).Select(i => $"{topic} {i}").Order();

    KcatMember Join(string group, string topic) => new($"{_broker.EndPoint}", group, topic);

    async Task Produce(string topic, int first, int count)
    {
        using var kcat = Process.Start(new ProcessStartInfo(
            "kcat", ["-b", $"{_broker.EndPoint}", "-P", "-X", "partitioner=random", "-X", "sticky.partitioning.linger.ms=0", "-t", topic])
        {
            RedirectStandardInput = true,
        })!;
        await kcat.StandardInput.WriteAsync(string.Concat(Enumerable.Range(first, count).Select(value => $"{value}\n")));
        kcat.StandardInput.Close();
        await kcat.WaitForExitAsync();
        Assert.Equal(0, kcat.ExitCode);
    }
}
