using System.Net;
using System.Net.Sockets;

namespace Millrace.Listening;

/// <summary>
/// The addresses that a web host listens on, bound before the rest of it starts: a port that is taken should cost no start. Kestrel takes
/// the sockets over, one by one (<c>SocketTransportOptions.CreateBoundListenSocket</c>).
/// </summary>
public sealed class BoundSockets : IDisposable
{
    readonly Dictionary<EndPoint, Socket> _sockets;

    BoundSockets(Socket[] sockets)
    {
        EndPoints = [.. sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!)];
        _sockets = sockets.ToDictionary(socket => socket.LocalEndPoint!);
    }

    /// <summary>The one that was asked for comes first.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>By an address of this machine.</summary>
    public Uri Url => new UriBuilder("http", HostOf(EndPoints[0].Address), EndPoints[0].Port).Uri;

    /// <summary>Takes the first of the ports that is free.</summary>
    /// <exception cref="CantBindException">An address can't be bound.</exception>
    public static BoundSockets Open(IPAddress address, IReadOnlyList<int> ports) =>
        new(ListeningSockets.BindFirst(address, ports, leftOut: static (_, _) => { }));

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
