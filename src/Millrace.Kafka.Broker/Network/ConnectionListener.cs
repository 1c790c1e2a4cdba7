using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Storage;
using Millrace.Listening;

namespace Millrace.Kafka.Broker.Network;

/// <summary>Holds the listening sockets and the connections that came in by them.</summary>
/// <remarks>
/// The port is taken by the constructor; connections are accepted between <see cref="Start"/> and <see cref="StopAsync"/>.
/// </remarks>
sealed class ConnectionListener : IDisposable
{
    const int Backlog = 512;

    /// <summary>
    /// Pause after a failed accept, and between two looks for a free file descriptor. Until then clients wait in the backlog.
    /// </summary>
    static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>At its limit the broker goes back and forth between full and not quite.</summary>
    static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(1);

    readonly Socket[] _sockets;
    readonly ConcurrentDictionary<KafkaConnection, Task> _connections = new();
    readonly CancellationTokenSource _stop = new();
    Task _accepting = Task.CompletedTask;
    long? _toldFull; // a timestamp of the clock

    /// <param name="ports">The first that is free is taken.</param>
    /// <exception cref="CantBindException">An address can't be bound.</exception>
    public ConnectionListener(IPAddress address, IReadOnlyList<int> ports, ILogger logger)
    {
        _sockets = ListeningSockets.BindFirst(address, ports, logger.OneLoopback);
        EndPoint = (IPEndPoint)_sockets[0].LocalEndPoint!;
    }

    /// <summary>The address bound, with the port that was taken.</summary>
    public IPEndPoint EndPoint { get; }

    public int ConnectionCount => _connections.Count;

    public void Start(RequestDispatcher dispatcher, BrokerOptions options, Descriptors descriptors, TimeProvider clock, ILogger logger)
    {
        foreach (var socket in _sockets) socket.Listen(Backlog);
        var memory = new RequestMemory(options.QueuedMaxRequestBytes);
        var slots = new ConnectionSlots(options.MaxConnections, clock, logger);
        KafkaConnection Open(Socket socket) => new(socket, dispatcher, memory, options, clock, logger);
        _accepting = Task.WhenAll(_sockets.Select(socket => AcceptAsync(socket, Open, slots, descriptors, clock, logger)));
    }

    /// <summary>Ends the connections of some clients.</summary>
    /// <param name="chosen">Is asked with the client.id of each.</param>
    /// <returns>How many.</returns>
    public int Abort(Func<string, bool> chosen)
    {
        var found = _connections.Keys.Where(connection => chosen(connection.ClientId)).ToList();
        foreach (var connection in found) connection.Abort();
        return found.Count;
    }

    /// <summary>Accepts no more, ends every connection and waits for the requests in hand.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys) connection.Abort();
        // Whatever a connection ended with, the broker has logs to flush.
        await Task.WhenAll(_connections.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    async Task AcceptAsync(
        Socket listening, Func<Socket, KafkaConnection> open, ConnectionSlots slots, Descriptors descriptors, TimeProvider clock,
        ILogger logger)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await RoomAsync(descriptors, clock, logger);
                var socket = await listening.AcceptAsync();
                if (await TryOpenAsync(socket, open, slots) is { } connection) Serve(connection, slots, descriptors);
            }
            catch (Exception e)
            {
                if (_stop.IsCancellationRequested) return;
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
        while (!_stop.IsCancellationRequested && !descriptors.HaveRoomForAConnection) await Task.Delay(AcceptRetryDelay);
    }

    /// <returns>null when the peer was gone before it could be asked for its address. Otherwise the connection has a slot.</returns>
    async Task<KafkaConnection?> TryOpenAsync(Socket socket, Func<Socket, KafkaConnection> open, ConnectionSlots slots)
    {
        var entered = false;
        try
        {
            await slots.EnterAsync(_stop.Token);
            entered = true;
            return open(socket);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (entered) slots.Leave();
            if (e is SocketException) return null;
            throw;
        }
    }

    void Serve(KafkaConnection connection, ConnectionSlots slots, Descriptors descriptors)
    {
        descriptors.Opened();
        // Entered before it starts, so that its end finds it here.
        var serving = new Task<Task>(() => ServeAsync(connection, slots, descriptors));
        _connections[connection] = serving.Unwrap();
        serving.Start(TaskScheduler.Default);
    }

    async Task ServeAsync(KafkaConnection connection, ConnectionSlots slots, Descriptors descriptors)
    {
        BrokerMeters.ConnectionOpened();
        try
        {
            using (connection) await connection.RunAsync();
        }
        finally
        {
            BrokerMeters.ConnectionClosed();
            descriptors.Closed();
            slots.Leave();
            _connections.TryRemove(connection, out _);
        }
    }
}
