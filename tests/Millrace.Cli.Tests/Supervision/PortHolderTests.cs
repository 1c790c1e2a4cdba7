using System.Net;
using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Tests.Supervision;

public sealed class PortHolderTests
{
    [Fact]
    public void A_port_somebody_listens_on_is_not_free_and_its_holder_is_named_with_its_pid()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.False(PortHolder.IsFree(IPAddress.Loopback, port));
        Assert.EndsWith($"(pid {Environment.ProcessId})", PortHolder.Describe(port), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_somebody_has_on_the_other_loopback_is_not_free()
    {
        if (!Socket.OSSupportsIPv6) return;
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        Assert.False(PortHolder.IsFree(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port));
    }

    [Fact]
    public void A_port_found_as_free_is_free() =>
        Assert.True(PortHolder.IsFree(IPAddress.Loopback, PortHolder.FindFree(IPAddress.Loopback)));

    /// <summary>192.0.2.0/24 is nobody's: RFC 5737.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(9092)]
    public void An_address_that_is_not_of_this_machine_is_told(int port)
    {
        var address = IPAddress.Parse("192.0.2.1");
        var refused = Assert.Throws<CliException>(() => port == 0 ? PortHolder.FindFree(address) > 0 : PortHolder.IsFree(address, port));
        Assert.Equal(ExitCodes.CannotStart, refused.ExitCode);
        Assert.StartsWith("No server can listen on 192.0.2.1 (", refused.Message, StringComparison.Ordinal);
    }
}
