using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Network;

/// <summary>Holds the listening socket and the connections that came in by it.</summary>
/// <remarks>The port is taken by the constructor; connections are accepted between <see cref="Start"/> and <see cref="StopAsync"/>.</remarks>
sealed class ConnectionListener : IDisposable
{
    const int Backlog = 512;

    /// <summary>
    /// Pause after a failed accept, and between two looks for a free file descriptor. Until then clients wait in the backlog.
    /// </summary>
    static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>At its limit the broker goes back and forth between full and not quite.</summary>
    static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(1);

    readonly Socket _socket;
    readonly ConcurrentDictionary<KafkaConnection, Task> _connections = new();
    Task _accepting = Task.CompletedTask;
    volatile bool _stopping;
    long? _toldFull; // a timestamp of the clock

    /// <exception cref="SocketException">The address can't be bound.</exception>
    public ConnectionListener(IPEndPoint endPoint)
    {
        _socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(endPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>The address bound, with the port that was taken.</summary>
    public IPEndPoint EndPoint { get; }

    public int ConnectionCount => _connections.Count;

    public void Start(RequestDispatcher dispatcher, BrokerOptions options, Descriptors descriptors, TimeProvider clock, ILogger logger)
    {
        _socket.Listen(Backlog);
        _accepting = AcceptAsync(socket => new(socket, dispatcher, options, clock, logger), descriptors, clock, logger);
    }

    /// <summary>Accepts no more, ends every connection and waits for the requests in hand.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        _socket.Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys) connection.Abort();
        // Whatever a connection ended with, the broker has logs to flush.
        await Task.WhenAll(_connections.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _socket.Dispose();

    async Task AcceptAsync(Func<Socket, KafkaConnection> open, Descriptors descriptors, TimeProvider clock, ILogger logger)
    {
        while (!_stopping)
        {
            try
            {
                await RoomAsync(descriptors, clock, logger);
                var socket = await _socket.AcceptAsync();
                if (TryOpen(socket, open) is { } connection) Serve(connection, descriptors);
            }
            catch (Exception e)
            {
                if (_stopping) return;
                // Whatever it was: a broker that runs and accepts nobody helps no one.
                if (e is SocketException) logger.AcceptFailed(e.Message);
                else logger.AcceptFailedUnexpectedly(e);
                await Task.Delay(AcceptRetryDelay);
            }
        }
    }

    async Task RoomAsync(Descriptors descriptors, TimeProvider clock, ILogger logger)
    {
        if (descriptors.HaveRoomForAConnection) return;
        if (_toldFull is not { } told || clock.GetElapsedTime(told) > TellAgainAfter)
        {
            logger.NoRoomForConnections(descriptors.Advice);
            _toldFull = clock.GetTimestamp();
        }
        while (!_stopping && !descriptors.HaveRoomForAConnection) await Task.Delay(AcceptRetryDelay);
    }

    /// <returns>null when the peer was gone before it could be asked for its address.</returns>
    static KafkaConnection? TryOpen(Socket socket, Func<Socket, KafkaConnection> open)
    {
        try
        {
            return open(socket);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException) return null;
            throw;
        }
    }

    void Serve(KafkaConnection connection, Descriptors descriptors)
    {
        descriptors.Opened();
        // Entered before it starts, so that its end finds it here.
        var serving = new Task<Task>(() => ServeAsync(connection, descriptors));
        _connections[connection] = serving.Unwrap();
        serving.Start(TaskScheduler.Default);
    }

    async Task ServeAsync(KafkaConnection connection, Descriptors descriptors)
    {
        try
        {
            using (connection) await connection.RunAsync();
        }
        finally
        {
            descriptors.Closed();
            _connections.TryRemove(connection, out _);
        }
    }
}
