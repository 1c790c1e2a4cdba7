using System.Net;
using System.Net.Sockets;
using Millrace.ClickHouse.Errors;
using Millrace.Listening;

namespace Millrace.ClickHouse;

/// <summary>
/// The addresses that the host listens on, bound before the engine boots: a port that is taken should not cost a start of the consumers.
/// Kestrel takes the sockets over, one by one.
/// </summary>
sealed class KestrelSockets : IDisposable
{
    readonly Dictionary<EndPoint, Socket> _sockets;

    KestrelSockets(Socket[] sockets)
    {
        EndPoints = [.. sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!)];
        _sockets = sockets.ToDictionary(socket => socket.LocalEndPoint!);
    }

    /// <summary>The one that was asked for comes first.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>By an address of this machine.</summary>
    public Uri Url => new UriBuilder("http", HostOf(EndPoints[0].Address), EndPoints[0].Port).Uri;

    /// <summary>Takes the first of the ports that is free.</summary>
    /// <exception cref="ClickHouseStartException">An address can't be bound.</exception>
    public static KestrelSockets Open(IPAddress address, IReadOnlyList<int> ports)
    {
        try
        {
            return new KestrelSockets(ListeningSockets.BindFirst(address, ports, leftOut: static (_, _) => { }));
        }
        catch (CantBindException e)
        {
            throw Refused(e.EndPoint, e);
        }
    }

    public static ClickHouseStartException Refused(IPEndPoint endPoint, Exception e) =>
        new($"Port {endPoint.Port} on {endPoint.Address} can't be opened ({e.Message}): stop what holds it, or choose another port.", e);

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

    static string HostOf(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? $"{IPAddress.Loopback}"
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
}
