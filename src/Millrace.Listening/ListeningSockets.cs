using System.Net;
using System.Net.Sockets;

namespace Millrace.Listening;

/// <summary>
/// The sockets that one address stands for. <c>::</c> is all of the machine, IPv4 included. A loopback address is both loopbacks, on one
/// port: <c>localhost</c> is ::1 first on many machines, and a client that looks no further would find nobody there. For the same reason
/// <c>0.0.0.0</c> is ::1 as well.
/// </summary>
public static class ListeningSockets
{
    /// <summary>Ports tried where any will do and the other loopback's is taken.</summary>
    const int Tries = 20;

    /// <param name="endPoint">Port 0 for any that is free.</param>
    /// <param name="leftOut">Told which loopback can't be had, and why; the sockets are fewer then.</param>
    /// <returns>Bound, not yet listening; the first by the address that was asked for.</returns>
    /// <exception cref="CantBindException">An address can't be bound: it is somebody else's, most likely.</exception>
    public static Socket[] Bind(IPEndPoint endPoint, Action<IPAddress, string> leftOut)
    {
        for (var left = Tries; ; left--)
        {
            var first = BindOne(endPoint);
            try
            {
                return OtherLoopback(endPoint.Address) is { } other
                    ? WithOther(first, other, anyPort: endPoint.Port == 0, leftOut)
                    : [first];
            }
            catch (CantBindException)
            {
                first.Dispose();
                if (endPoint.Port != 0 || left == 1) throw;
            }
        }
    }

    /// <summary>Takes the first of several ports that is free; of one alone it is <see cref="Bind"/>.</summary>
    /// <param name="ports">At least one.</param>
    /// <returns>
    /// Where there is a choice, listening already: of two processes that bind one port before either listens both get it (Linux,
    /// SO_REUSEADDR), and the one that has to take another wants to know at once.
    /// </returns>
    /// <exception cref="CantBindException">An address can't be bound, or the last of the ports is taken too.</exception>
    public static Socket[] BindFirst(IPAddress address, IReadOnlyList<int> ports, Action<IPAddress, string> leftOut)
    {
        if (ports.Count == 1) return Bind(new(address, ports[0]), leftOut);
        for (var i = 0; ; i++)
        {
            try
            {
                return Listen(new(address, ports[i]), leftOut);
            }
            catch (CantBindException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && i < ports.Count - 1)
            {
                // The next one.
            }
        }
    }

    /// <summary><see cref="Bind"/>, and listening: nobody else gets the port from then on.</summary>
    /// <inheritdoc cref="Bind"/>
    /// <exception cref="CantBindException">
    /// An address can't be bound, or somebody else bound it as well and was faster to listen.
    /// </exception>
    public static Socket[] Listen(IPEndPoint endPoint, Action<IPAddress, string> leftOut)
    {
        var sockets = Bind(endPoint, leftOut);
        try
        {
            foreach (var socket in sockets) socket.Listen();
            return sockets;
        }
        catch (SocketException e)
        {
            foreach (var socket in sockets) socket.Dispose();
            throw new CantBindException(endPoint, e);
        }
    }

    static Socket[] WithOther(Socket first, IPAddress other, bool anyPort, Action<IPAddress, string> leftOut)
    {
        try
        {
            return [first, BindOne(new(other, ((IPEndPoint)first.LocalEndPoint!).Port))];
        }
        catch (CantBindException e) when (IsAbsent(e.SocketErrorCode, anyPort))
        {
            leftOut(other, e.Message);
            return [first];
        }
    }

    /// <summary>
    /// Whether the machine has no such loopback, or the process no right to it: one that Landlock lets bind any free port may bind none by
    /// its number, and clients of such a port are told its address anyway.
    /// </summary>
    static bool IsAbsent(SocketError error, bool anyPort) =>
        error is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable || (anyPort && error == SocketError.AccessDenied);

    static IPAddress? OtherLoopback(IPAddress address) =>
        address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.Any) ? IPAddress.IPv6Loopback
        : address.Equals(IPAddress.IPv6Loopback) ? IPAddress.Loopback
        : null;

    static Socket BindOne(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new CantBindException(endPoint, e);
        }
    }
}
