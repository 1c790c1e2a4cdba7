using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse;

/// <summary>
/// The addresses that the host listens on, bound before the engine boots: a port that is taken should not cost a start of the consumers.
/// Whoever listens on 127.0.0.1 does so on ::1 as well, where localhost leads on many machines. Kestrel takes the sockets over.
/// </summary>
sealed class ListenSockets : IDisposable
{
    readonly Dictionary<EndPoint, Socket> _sockets = [];
    readonly List<IPEndPoint> _endPoints = [];

    ListenSockets(IPAddress address, int port)
    {
        Bind(new IPEndPoint(address, port));
        if (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.Any)) BindLoopbackOfIPv6(anyPort: port == 0);
    }

    /// <summary>The one that was asked for comes first.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    /// <summary>By an address of this machine.</summary>
    public Uri Url => new UriBuilder("http", HostOf(_endPoints[0].Address), _endPoints[0].Port).Uri;

    /// <exception cref="ClickHouseStartException">An address can't be bound.</exception>
    public static ListenSockets Open(IPAddress address, int port)
    {
        try
        {
            return new ListenSockets(address, port);
        }
        catch (SocketException e)
        {
            throw Refused(address, port, e);
        }
    }

    public static ClickHouseStartException Refused(IPAddress address, int port, Exception e) =>
        new($"Port {port} on {address} can't be opened ({e.Message}): stop what holds it, or choose another port.", e);

    /// <summary>Hands a socket to who listens on it.</summary>
    public Socket Take(EndPoint endPoint)
    {
        _sockets.Remove(endPoint, out var socket);
        return socket!;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Values) socket.Dispose();
    }

    void Bind(IPEndPoint endPoint)
    {
        // Both families where it is any address of IPv6.
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        _endPoints.Add((IPEndPoint)socket.LocalEndPoint!);
        _sockets.Add(_endPoints[^1], socket);
    }

    // Without IPv6 there is none. A confined process that may bind to any free port may bind to no port by its number (Landlock); such a
    // port is told by its address anyway. Somebody else's on that port would get what is meant for us: then the port is taken.
    void BindLoopbackOfIPv6(bool anyPort)
    {
        try
        {
            Bind(new IPEndPoint(IPAddress.IPv6Loopback, _endPoints[0].Port));
        }
        catch (SocketException e) when (
            anyPort || e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            // As above.
        }
        catch (SocketException)
        {
            Dispose();
            throw;
        }
    }

    static string HostOf(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? $"{IPAddress.Loopback}"
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
}
