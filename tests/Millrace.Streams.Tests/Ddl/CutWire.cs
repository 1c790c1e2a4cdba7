using System.Net;
using System.Net.Sockets;

namespace Millrace.Streams.Tests.Ddl;

/// <summary>
/// Stands between a client and a server, and can be cut: connections break then, and new ones are closed at once. Until disposed.
/// </summary>
sealed class CutWire : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Uri _server;
    readonly Lock _lock = new();
    readonly List<Socket> _open = [];
    bool _isCut;
    int _refused;

    public CutWire(Uri server)
    {
        _server = server;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Connections that were closed at once.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            foreach (var socket in _open) socket.Dispose();
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_lock) _isCut = false;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    async Task ServeAsync()
    {
        try
        {
            while (true) _ = JoinAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task JoinAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            if (!_isCut) _open.AddRange([client, server]);
            else
            {
                client.Dispose();
                Interlocked.Increment(ref _refused);
                return;
            }
        }
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port);
            await using var near = new NetworkStream(client);
            await using var far = new NetworkStream(server);
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Cut.
        }
        client.Dispose();
        server.Dispose();
    }
}
