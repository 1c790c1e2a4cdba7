using System.Net;
using System.Net.Sockets;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

public sealed class ListeningTests
{
    public static bool HasIPv6 => Socket.OSSupportsIPv6 && File.Exists("/proc/net/if_inet6");

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "::1")]
    public async Task Both_loopbacks_and_all_of_a_wildcard_are_served_and_named_as_the_client_came_in(string listen, string connect)
    {
        if (!HasIPv6 && (listen + connect).Contains(':', StringComparison.Ordinal)) return; // such a machine has no localhost that is ::1
        await using var broker = await TestBroker.StartAsync(options => options with { ListenAddress = IPAddress.Parse(listen) });
        using var client = await RawConnection.OpenAsync(new(IPAddress.Parse(connect), broker.Host.EndPoint.Port));

        var answer = new KafkaReader(await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t")));

        answer.ReadInt32(); // throttle time
        Assert.Equal(1, answer.ReadInt32());
        answer.ReadInt32(); // node id
        Assert.Equal((connect, broker.Host.EndPoint.Port), (answer.ReadString(flexible: false), answer.ReadInt32()));
    }

    [Fact]
    public async Task A_port_that_somebody_has_on_the_other_loopback_is_refused_by_its_name()
    {
        if (!HasIPv6) return;
        using var directory = new TemporaryDirectory();
        using var stranger = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        stranger.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        stranger.Listen();
        var port = ((IPEndPoint)stranger.LocalEndPoint!).Port;
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = port };

        var failure = await Assert.ThrowsAsync<BrokerStartException>(
            () => BrokerHost.StartAsync(options, new CollectingLogger(), CancellationToken.None));

        Assert.Equal($"Port {port} on ::1 is in use.", failure.Message);
    }

    [Fact]
    public async Task Of_two_brokers_that_start_at_once_and_may_take_another_port_each_gets_one()
    {
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var free = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var options = new BrokerOptions { DataDirectory = first.Path, Port = free, OtherPorts = [0] };
        var brokers = await Task.WhenAll(
            BrokerHost.StartAsync(options, new CollectingLogger(), CancellationToken.None),
            BrokerHost.StartAsync(options with { DataDirectory = second.Path }, new CollectingLogger(), CancellationToken.None));
        var ports = brokers.Select(broker => broker.EndPoint.Port).ToList();
        foreach (var broker in brokers) await broker.DisposeAsync();
        Assert.Contains(free, ports);
        Assert.Equal(2, ports.Distinct().Count());
    }

    [Fact]
    public async Task As_many_connections_as_max_connections_are_served_and_the_next_waits_for_one_to_close()
    {
        await using var broker = await TestBroker.StartAsync(options => options with { MaxConnections = 1 });
        var first = await broker.ConnectAsync();
        await first.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        using var second = await broker.ConnectAsync();
        var waiting = second.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        await Eventually.Holds(() => broker.Log.Warnings.Count == 1, "the broker says that it is full");
        Assert.Contains("max.connections", broker.Log.Warnings[0], StringComparison.Ordinal);
        await first.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        Assert.Equal((1, false), (broker.Host.ConnectionCount, waiting.IsCompleted));

        first.Dispose();

        Assert.False((await waiting).IsEmpty);
    }

    [Fact]
    public async Task A_broker_stops_while_a_connection_waits_for_its_slot()
    {
        var broker = await TestBroker.StartAsync(options => options with { MaxConnections = 1 });
        using var first = await broker.ConnectAsync();
        await first.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        using var second = await broker.ConnectAsync();
        await Eventually.Holds(() => broker.Log.Warnings.Count == 1, "the broker says that it is full");

        await broker.DisposeAsync();

        Assert.True(await second.IsClosedByPeerAsync());
    }
}
