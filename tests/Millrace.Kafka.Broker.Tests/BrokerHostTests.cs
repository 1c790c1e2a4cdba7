using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests;

public sealed class BrokerHostTests
{
    [Fact]
    public async Task A_busy_port_is_one_sentence()
    {
        await using var first = await TestBroker.StartAsync();
        using var directory = new TemporaryDirectory();
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = first.Host.EndPoint.Port };
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(options));
        Assert.Equal($"Port {options.Port} on 127.0.0.1 is in use.", failure.Message);
    }

    [Fact]
    public async Task A_port_that_another_takes_while_the_logs_are_opened_is_one_sentence()
    {
        using var directory = new TemporaryDirectory();
        using var rival = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        rival.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = ((IPEndPoint)rival.LocalEndPoint!).Port };
        // The coordinator sets its first timer when the port is bound and nobody listens yet.
        var clock = new ClockWatcher(() => rival.Listen());
        var files = new CountingFileSystem();

        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => BrokerHost.StartAsync(
            options, NullLoggerFactory.Instance, clock, files, CancellationToken.None));
        Assert.Equal($"Port {options.Port} on 127.0.0.1 is in use.", failure.Message);

        Assert.Equal(0, files.Opened);
        await (await StartAsync(options with { Port = 0 })).DisposeAsync(); // the directory has been let go
    }

    [Fact]
    public async Task A_directory_has_one_broker_at_a_time()
    {
        await using var first = await TestBroker.StartAsync();
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(first.Options));
        Assert.Contains("belongs to another broker", failure.Message, StringComparison.Ordinal);
        await first.RestartAsync();
    }

    [Fact]
    public async Task A_lock_file_that_is_a_link_is_refused_and_what_it_points_to_is_left_alone()
    {
        using var directory = new TemporaryDirectory();
        foreach (var target in (string[])[".lock", "elsewhere"])
        {
            File.Delete(directory.Sub(".lock"));
            File.CreateSymbolicLink(directory.Sub(".lock"), directory.Sub(target));
            var options = new BrokerOptions { DataDirectory = directory.Path, Port = 0 };
            var failure = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(options));
            Assert.Equal($"{directory.Sub(".lock")} is not a plain file: delete it and start the broker again.", failure.Message);
            Assert.False(File.Exists(directory.Sub("elsewhere")));
        }
    }

    [Fact]
    public async Task A_directory_that_can_t_be_made_is_one_sentence()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.Sub("file"), "in the way");
        var options = new BrokerOptions { DataDirectory = directory.Sub("file/data"), Port = 0 };
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(options));
        Assert.Contains("can't be used", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("groups.journal", "millrace groups 2\nwho knows")]
    [InlineData("topics/other.gone", """{ "version": 2 }""")]
    [InlineData("meta.properties", "version=2\ncluster.id=who knows\n")]
    [InlineData("producer-ids", "millrace producer ids 2\nwho knows")]
    public async Task A_file_of_a_later_version_stops_the_start_before_recovery_cuts_a_log(string file, string content)
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = await broker.ConnectAsync())
            await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        await broker.Host.DisposeAsync();
        string In(string name) => Path.Combine(broker.Options.DataDirectory, name);
        var log = In("t-0/00000000000000000000.log");
        await File.WriteAllTextAsync(log, "a torn tail");
        File.Delete(In(".kafka_cleanshutdown"));
        await File.WriteAllTextAsync(In(file), content);

        var refused = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(broker.Options));

        Assert.Contains("has format 2, of a later version", refused.Message, StringComparison.Ordinal);
        Assert.Equal("a torn tail", await File.ReadAllTextAsync(log));
        File.Delete(In(file));
        await (await StartAsync(broker.Options)).DisposeAsync();
        Assert.Equal("", await File.ReadAllTextAsync(log));
    }

    [Fact]
    public async Task The_cluster_id_is_that_of_the_directory()
    {
        await using var broker = await TestBroker.StartAsync();
        var before = await ClusterIdAsync(broker);
        await broker.RestartAsync();
        Assert.Equal(before, await ClusterIdAsync(broker));
    }

    [Fact]
    public async Task Retention_is_applied_without_anyone_asking()
    {
        await using var broker = await TestBroker.StartAsync(options => options with
        {
            RetentionTime = TimeSpan.FromMilliseconds(1),
            RetentionCheckInterval = TimeSpan.FromMilliseconds(20),
        });
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        // Timestamp 1 of 1970 is past any retention.
        await ProduceAnswer.AskAsync(client, Requests.Produce("t", 0, Requests.Batch("old")));
        await Eventually.Gives(
            () => FetchAnswer.AskAsync(client, Requests.Fetch("t", 0, offset: 1)),
            answer => answer.LogStartOffset == 1,
            "the old record is deleted");
    }

    [Fact]
    public async Task A_stop_that_can_t_leave_its_mark_on_a_full_disk_lets_go_of_the_directory()
    {
        var disk = new MemoryFileSystem();
        await using var broker = await TestBroker.StartAsync(TestBroker.WithDirectory, files: disk);
        disk.Fails = (operation, path) => operation == "write" && path.Contains(".kafka_cleanshutdown", StringComparison.Ordinal);

        await broker.RestartAsync();

        Assert.Contains(broker.Log.Warnings, warning => warning.Contains("clean shutdown could not be written", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("groups.journal", "not a journal", "can't be read")]
    [InlineData("groups.journal", "millrace groups 2\n", "groups.journal has format 2, of a later version of Millrace")]
    [InlineData("topics/u.json", "{", "can't be read")]
    [InlineData("topics/u.json", """{ "version": 2 }""", "u.json has format 2, of a later version of Millrace")]
    [InlineData("topics/u.gone", """{ "version": 2 }""", "u.gone has format 2, of a later version of Millrace")]
    [InlineData("meta.properties", "", "can't be used")]
    [InlineData("meta.properties", "version=later\ncluster.id=a\n", "meta.properties names no version that is a number")]
    [InlineData("meta.properties", "version=2\ncluster.id=a\n", "meta.properties has format 2, of a later version of Millrace")]
    [InlineData("producer-ids", "millrace producer ids 2\n", "producer-ids has format 2, of a later version of Millrace")]
    [InlineData("producer-ids", "millrace producer ids 0\n", "producer-ids holds no producer id")]
    [InlineData("producer-ids", "seven", "producer-ids holds no producer id")]
    public async Task A_start_that_fails_lets_go_of_the_directory_and_keeps_the_mark_of_a_clean_shutdown(
        string name, string content, string told)
    {
        // 1. A broker with a topic, stopped cleanly; then one of its files is unreadable.
        using var directory = new TemporaryDirectory();
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = 0 };
        var files = new CountingFileSystem();
        await using (var broker = await StartAsync(options, files))
        {
            using var client = await RawConnection.OpenAsync(broker.EndPoint);
            await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        }
        await File.WriteAllTextAsync(directory.Sub(name), content);

        // 2. Each start says so, and leaves everything to the next.
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(options, files));
            Assert.Contains(told, failure.Message, StringComparison.Ordinal);
            Assert.Equal(0, files.Opened);
            Assert.True(File.Exists(directory.Sub(".kafka_cleanshutdown")));
        }
    }

    [Fact]
    public async Task Ended_twice_a_broker_touches_nothing_of_the_one_that_came_after_it()
    {
        using var directory = new TemporaryDirectory();
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = 0 };
        var first = await StartAsync(options);
        await first.DisposeAsync();
        await using var second = await StartAsync(options);

        await first.DisposeAsync();

        // The mark of a clean shutdown, left behind by the first, would vouch for whatever a crash of the second leaves.
        Assert.False(File.Exists(directory.Sub(".kafka_cleanshutdown")));
    }

    public static TheoryData<string, BrokerOptions> OptionsThatCanNotBe => new()
    {
        { "log.dirs", Sound with { DataDirectory = "" } },
        { "port", Sound with { Port = 65536 } },
        { "num.partitions", Sound with { DefaultPartitions = 0 } },
        { "socket.request.max.bytes", Sound with { MaxRequestBytes = 0 } },
        { "connections.max.idle.ms", Sound with { ConnectionsMaxIdle = TimeSpan.Zero } },
        { "message.max.bytes", Sound with { MaxBatchBytes = -1 } },
        { "log.segment.bytes", Sound with { SegmentBytes = 0 } },
        { "log.roll.ms", Sound with { SegmentAge = TimeSpan.Zero } },
        { "log.retention.ms", Sound with { RetentionTime = TimeSpan.FromDays(-1) } },
        { "log.retention.bytes", Sound with { RetentionBytes = -2 } },
        { "log.retention.check.interval.ms", Sound with { RetentionCheckInterval = TimeSpan.Zero } },
        { "log.retention.check.interval.ms", Sound with { RetentionCheckInterval = TimeSpan.MaxValue } },
        { "log.index.interval.bytes", Sound with { IndexIntervalBytes = -1 } },
        { "group.initial.rebalance.delay.ms", Sound with { GroupInitialRebalanceDelay = TimeSpan.FromSeconds(-1) } },
        { "offsets.retention.minutes", Sound with { OffsetsRetention = TimeSpan.Zero } },
    };

    static string NeverMade => Path.Combine(Path.GetTempPath(), "millrace-tests-never-made");

    static BrokerOptions Sound => new() { DataDirectory = NeverMade, Port = 0 };

    [Theory]
    [MemberData(nameof(OptionsThatCanNotBe))]
    public async Task An_option_that_can_not_be_is_refused_by_its_name_before_anything_is_done(string name, BrokerOptions options)
    {
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => StartAsync(options));
        Assert.StartsWith($"{name} is ", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(NeverMade));
    }

    static Task<BrokerHost> StartAsync(BrokerOptions options) =>
        BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);

    static Task<BrokerHost> StartAsync(BrokerOptions options, CountingFileSystem files) =>
        BrokerHost.StartAsync(options, NullLoggerFactory.Instance, TimeProvider.System, files, CancellationToken.None);

    static async Task<string> ClusterIdAsync(TestBroker broker)
    {
        using var client = await broker.ConnectAsync();
        var body = await client.AskAsync(ApiKey.DescribeCluster, 0, writer =>
        {
            writer.WriteBoolean(false);
            writer.WriteNoTaggedFields(flexible: true);
        });
        var reader = new KafkaReader(body);
        reader.ReadInt32(); // throttle time
        Assert.Equal(0, reader.ReadInt16());
        Assert.Null(reader.ReadNullableString(true));
        return reader.ReadString(true);
    }

    sealed class ClockWatcher(Action timerCreated) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timerCreated();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
