using System.Net;
using System.Net.Sockets;

namespace Millrace.Cli.Roles;

/// <summary><c>millrace run clickhouse</c>: the ClickHouse engine behind its HTTP interface, as a process.</summary>
static class ClickHouseRole
{
    public static async Task RunAsync(StandPaths paths, IPAddress listen, int port, RoleLifetime lifetime)
    {
        Directory.CreateDirectory(paths.ClickHouse);
        using var listener = new TcpListener(listen, port);
        listener.Start();
        RoleOutput.Ready($"http://{listener.LocalEndpoint}/");
        await lifetime.UntilStoppedAsync();
    }
}
