using System.Net;
using System.Net.Sockets;

namespace Millrace.Listening.Tests;

public sealed class ListeningSocketsTests
{
    readonly List<IPAddress> _leftOut = [];

    static bool HasIPv6 => Socket.OSSupportsIPv6 && File.Exists("/proc/net/if_inet6");

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1 ::1")]
    [InlineData("::1", "::1 127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0 ::1")]
    [InlineData("::", "::")]
    [InlineData("127.0.0.2", "127.0.0.2")]
    public void An_address_is_bound_with_the_loopback_that_localhost_may_lead_to_on_one_port(string address, string bound)
    {
        if (!HasIPv6) return; // such a machine has no localhost that is ::1
        var sockets = ListeningSockets.Bind(new(IPAddress.Parse(address), 0), LeaveOut);

        var endPoints = sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!).ToArray();
        foreach (var socket in sockets) socket.Dispose();
        Assert.Equal(bound, string.Join(' ', endPoints.Select(endPoint => endPoint.Address)));
        Assert.Single(endPoints.Select(endPoint => endPoint.Port).Distinct());
        Assert.Empty(_leftOut);
    }

    [Fact]
    public void Of_several_ports_the_first_that_is_free_is_taken_and_nobody_else_gets_it_from_then_on()
    {
        using var stranger = Listen(IPAddress.Loopback, 0);
        var taken = ((IPEndPoint)stranger.LocalEndPoint!).Port;
        var first = ListeningSockets.BindFirst(IPAddress.Loopback, [taken, 0], LeaveOut);
        var port = ((IPEndPoint)first[0].LocalEndPoint!).Port;
        // Merely bound, it could be bound by both.
        var second = ListeningSockets.BindFirst(IPAddress.Loopback, [port, 0], LeaveOut);
        var other = ((IPEndPoint)second[0].LocalEndPoint!).Port;
        foreach (var socket in first.Concat(second)) socket.Dispose();
        Assert.Equal(3, new[] { taken, port, other }.Distinct().Count());
    }

    [Fact]
    public void Where_all_of_several_ports_are_taken_the_last_is_told()
    {
        using var one = Listen(IPAddress.Loopback, 0);
        using var two = Listen(IPAddress.Loopback, 0);
        int[] ports = [((IPEndPoint)one.LocalEndPoint!).Port, ((IPEndPoint)two.LocalEndPoint!).Port];
        var failure = Assert.Throws<CantBindException>(() => ListeningSockets.BindFirst(IPAddress.Loopback, ports, LeaveOut));
        Assert.Equal((ports[1], SocketError.AddressAlreadyInUse), (failure.EndPoint.Port, failure.SocketErrorCode));
    }

    [Theory]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("0.0.0.0", "::1")]
    [InlineData("::1", "127.0.0.1")]
    public void A_port_that_somebody_has_on_the_other_loopback_is_told_by_that_address_and_the_first_is_let_go(string address, string taken)
    {
        if (!HasIPv6) return;
        using var stranger = Listen(IPAddress.Parse(taken), 0);
        var port = ((IPEndPoint)stranger.LocalEndPoint!).Port;

        var failure = Assert.Throws<CantBindException>(() => ListeningSockets.Bind(new(IPAddress.Parse(address), port), LeaveOut));

        Assert.Equal((taken, port), ($"{failure.EndPoint.Address}", failure.EndPoint.Port));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
        Listen(IPAddress.Parse(address), port).Dispose();
    }

    void LeaveOut(IPAddress address, string reason) => _leftOut.Add(address);

    static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        return socket;
    }
}
