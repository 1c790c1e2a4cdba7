using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Cli.Supervision;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

public sealed class SocketProbeTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_broker_that_takes_no_more_connections_is_alive()
    {
        await using var broker = await StartForOneAsync();
        using var probe = SocketProbe.OfBroker(broker.EndPoint);
        using var late = new CancellationTokenSource(Eventually.DefaultLimit);
        Assert.True(await probe.AnswersAsync(late.Token));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(broker.EndPoint, late.Token);
        Assert.True(await probe.AnswersAsync(late.Token));
    }

    /// <remarks>After a restart clients come back at once, and may be faster than the probe.</remarks>
    [Fact]
    public async Task A_broker_that_was_full_before_it_was_ever_asked_is_alive()
    {
        await using var broker = await StartForOneAsync();
        using var client = SocketProbe.OfBroker(broker.EndPoint);
        using var late = new CancellationTokenSource(Eventually.DefaultLimit);
        Assert.True(await client.AnswersAsync(late.Token));
        using var probe = SocketProbe.OfBroker(broker.EndPoint);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.True(await probe.AnswersAsync(impatient.Token));

        Assert.True(impatient.IsCancellationRequested);
        client.Dispose();
        Assert.True(await probe.AnswersAsync(late.Token));
        Assert.False(late.IsCancellationRequested);
    }

    [Fact]
    public async Task A_server_that_answers_late_keeps_the_connection_and_one_that_closes_it_gets_another()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var probe = SocketProbe.OfHttp((IPEndPoint)server.LocalEndpoint);
        using var late = new CancellationTokenSource(Eventually.DefaultLimit);
        using var impatient = new CancellationTokenSource();
        var unanswered = probe.AnswersAsync(impatient.Token);
        using var first = await server.AcceptSocketAsync(late.Token);
        // Asked by now, not only about to be.
        await first.ReceiveAsync(new byte[1], late.Token);
        await impatient.CancelAsync();
        Assert.True(await unanswered); // it may be full: nothing was heard on this connection yet

        await first.SendAsync("HTTP/1.1 200 OK"u8.ToArray(), late.Token);
        Assert.True(await probe.AnswersAsync(late.Token));
        using var silence = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.AnswersAsync(silence.Token));

        first.Dispose();
        Assert.False(await probe.AnswersAsync(late.Token));
        var again = probe.AnswersAsync(late.Token);
        using var second = await server.AcceptSocketAsync(late.Token);
        await second.SendAsync("HTTP/1.1 200 OK"u8.ToArray(), late.Token);
        Assert.True(await again);
    }

    [Fact]
    public async Task A_server_that_is_gone_gives_no_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var probe = SocketProbe.OfBroker((IPEndPoint)listener.LocalEndpoint);
        listener.Stop();
        Assert.False(await probe.AnswersAsync(CancellationToken.None));
    }

    Task<BrokerHost> StartForOneAsync()
    {
        var options = new BrokerOptions { DataDirectory = _directory.Path, Port = 0, MaxConnections = 1 };
        return BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
    }
}
