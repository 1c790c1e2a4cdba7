using System.Net;
using System.Net.Sockets;

namespace Millrace.Cli.Roles;

/// <summary><c>millrace run broker</c>: the embedded broker as a process.</summary>
static class BrokerRole
{
    public static async Task RunAsync(StandPaths paths, IPAddress listen, int port, RoleLifetime lifetime)
    {
        Directory.CreateDirectory(paths.Broker);
        using var listener = new TcpListener(listen, port);
        listener.Start();
        RoleOutput.Ready(listener.LocalEndpoint.ToString());
        await lifetime.UntilStoppedAsync();
    }
}
