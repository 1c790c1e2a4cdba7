using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Stands that want the same ports and take others.</summary>
public sealed class AnyPortTests
{
    const int Rounds = 2;

    [Fact]
    public async Task Stands_that_start_at_once_all_come_up_on_ports_of_their_own_and_keep_them()
    {
        await using var first = new Stand();
        await using var second = new Stand();
        await using var third = new Stand();
        Stand[] stands = [first, second, third];
        var (kafka, clickHouse) = (FreePort(), FreePort());
        string[] ports = ["--kafka-port", $"{kafka}", "--clickhouse-port", $"{clickHouse}", "--page-port", "0", "--any-port"];
        string[]? before = null;
        for (var round = 0; round < Rounds; round++)
        {
            var up = await Task.WhenAll(stands.Select(stand => stand.UpOnAsync(ports, "--rate", "10")));
            string[] taken = [.. up.SelectMany(report => new[] { Text(report, "kafka"), Text(report, "clickhouse") })];
            Assert.Equal(2 * stands.Length, taken.Distinct().Count());
            Assert.Contains($"127.0.0.1:{kafka}", taken);
            Assert.Contains($"http://127.0.0.1:{clickHouse}/", taken);
            // Its clients know where a stand was.
            Assert.Equal(before ?? taken, taken);
            before = taken;
            foreach (var stand in stands)
                await Eventually.Holds(async () => await stand.CountAsync("views_table") > 0, "views arrive", TimeSpan.FromMinutes(1));
            await Task.WhenAll(stands.Select(async stand => (await stand.RunAsync("down")).Expect(0)));
        }
    }

    static string Text(JsonElement report, string name) => report.GetProperty(name).GetString()!;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
