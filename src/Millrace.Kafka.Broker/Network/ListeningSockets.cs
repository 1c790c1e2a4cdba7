using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// The sockets that one address stands for. <c>::</c> is all of the machine, IPv4 included. A loopback address is both loopbacks, on one
/// port: <c>localhost</c> is ::1 first on many machines, and a client that looks no further would find nobody there.
/// </summary>
static class ListeningSockets
{
    /// <summary>Ports tried where any will do and the other loopback's is taken.</summary>
    const int Tries = 20;

    const string AddressKey = "address";

    /// <returns>Bound, not yet listening; the first by the address that was asked for.</returns>
    /// <exception cref="SocketException">An address can't be bound; <see cref="AddressOf"/> tells which.</exception>
    public static Socket[] Bind(IPEndPoint endPoint, ILogger logger)
    {
        for (var left = Tries; ; left--)
        {
            var first = BindOne(endPoint);
            try
            {
                return OtherLoopback(endPoint.Address) is { } other ? WithOther(first, other, logger) : [first];
            }
            catch (SocketException e)
            {
                var bound = (IPEndPoint)first.LocalEndPoint!;
                first.Dispose();
                if (endPoint.Port == 0 && left > 1) continue;
                e.Data[AddressKey] = new IPEndPoint(OtherLoopback(endPoint.Address)!, bound.Port);
                throw;
            }
        }
    }

    /// <summary>Which address could not be bound.</summary>
    public static IPEndPoint AddressOf(SocketException failure, IPEndPoint asked) => failure.Data[AddressKey] as IPEndPoint ?? asked;

    static Socket[] WithOther(Socket first, IPAddress other, ILogger logger)
    {
        try
        {
            return [first, BindOne(new(other, ((IPEndPoint)first.LocalEndPoint!).Port))];
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            logger.OneLoopback(other, e.Message);
            return [first];
        }
    }

    static IPAddress? OtherLoopback(IPAddress address) =>
        address.Equals(IPAddress.Loopback) ? IPAddress.IPv6Loopback
        : address.Equals(IPAddress.IPv6Loopback) ? IPAddress.Loopback
        : null;

    static Socket BindOne(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
