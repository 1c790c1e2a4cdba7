using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Apis;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Protocol;
using ProtocolViolationException = Millrace.Kafka.Protocol.ProtocolViolationException;

namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// One client connection. Requests are answered one by one in their order, as Apache Kafka does by muting the channel
/// (SocketServer.scala): what a client pipelines waits in the socket.
/// </summary>
/// <remarks>Owns the socket. <see cref="RunAsync"/> runs once; <see cref="Abort"/> may be called from any thread.</remarks>
sealed class KafkaConnection : IDisposable
{
    readonly Socket _socket;
    readonly RequestDispatcher _dispatcher;
    readonly ILogger _logger;
    readonly FrameReader _frames;
    readonly KafkaWriter _response = new();

    // Never disposed: the broker may abort a connection that is just ending by itself, and without a timer there is nothing to dispose of.
    readonly CancellationTokenSource _aborted = new();

    readonly ConnectionInfo _info;
    readonly IdleLimit _idle;

    public KafkaConnection(
        Socket socket, RequestDispatcher dispatcher, RequestMemory memory, BrokerOptions options, TimeProvider clock, ILogger logger)
    {
        _socket = socket;
        _dispatcher = dispatcher;
        _logger = logger;
        socket.NoDelay = true; // an answer is written whole; waiting for more to send would only delay it
        _frames = new FrameReader(socket, options.MaxRequestBytes, memory, _aborted.Token);
        var local = Plain(socket.LocalEndPoint!);
        KeepAlive(socket);
        _info = new(Plain(socket.RemoteEndPoint!), new(options.AdvertisedHost ?? local.Address.ToString(), local.Port), _aborted.Token);
        _idle = new(options.ConnectionsMaxIdle, clock, CloseIdle);
    }

    /// <summary>client.id of its last request; empty before the first.</summary>
    public string ClientId => _info.ClientId;

    /// <summary>Serves the connection until it ends, by either side.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await _frames.ReadAsync() is { } frame)
            {
                _idle.Touch();
                if (!await ServeAsync(frame)) return;
            }
        }
        catch (ProtocolViolationException violation)
        {
            _logger.FrameRefused(_info.Peer, violation.Message);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _logger.ConnectionLost(_info.Peer, e.Message);
        }
    }

    /// <summary>Ends the connection: whatever waits for it stops waiting.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        _socket.Dispose();
    }

    public void Dispose()
    {
        _idle.Dispose();
        _socket.Dispose();
        _frames.Dispose();
        _response.Dispose();
    }

    /// <returns>Whether the connection stays open.</returns>
    async ValueTask<bool> ServeAsync(ReadOnlyMemory<byte> frame)
    {
        _response.Clear();
        var dispatched = _dispatcher.DispatchAsync(frame, _info, _response);
        var outcome = dispatched.IsCompleted ? await dispatched : await WatchedAsync(dispatched.AsTask());
        if (outcome == RequestOutcome.Answered) await SendAsync(_response.Written);
        return outcome != RequestOutcome.Close;
    }

    async Task<RequestOutcome> WatchedAsync(Task<RequestOutcome> dispatched)
    {
        if (!await _frames.WatchAsync(dispatched)) await _aborted.CancelAsync();
        return await dispatched;
    }

    async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await _socket.SendAsync(bytes);
            BrokerMeters.Sent(sent);
            bytes = bytes[sent..];
            _idle.Touch();
        }
    }

    /// <summary>A socket for both IP versions names IPv4 addresses as ::ffff:127.0.0.1, which not every client can connect to.</summary>
    static IPEndPoint Plain(EndPoint endPoint)
    {
        var ip = (IPEndPoint)endPoint;
        return ip.Address.IsIPv4MappedToIPv6 ? new(ip.Address.MapToIPv4(), ip.Port) : ip;
    }

    void CloseIdle()
    {
        _logger.ConnectionIdle(_info.Peer);
        Abort();
    }

    /// <summary>
    /// Asks a silent peer after a minute whether it is there, and gives it up in the next: Linux' own default is two hours.
    /// </summary>
    static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60); // seconds, as the next
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 6);
    }
}
