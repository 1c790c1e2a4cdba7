using System.Net;
using System.Net.Sockets;
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
    public void A_port_taken_as_free_is_free() => Assert.True(PortHolder.IsFree(IPAddress.Loopback, PortHolder.TakeFree(IPAddress.Loopback)));
}
