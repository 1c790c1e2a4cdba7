using System.Net.Sockets;
using System.Text;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Processes;

public sealed class LostClientTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Clients_that_reset_their_connection_during_an_upload_are_no_failure_of_the_host()
    {
        using var host = await HostProcess.Start(_directory.Path);
        await host.Ask("CREATE TABLE t (s String) ENGINE = Null");

        // Many, since it is chance whether ASP.NET first ends the body or first tells that the client is gone.
        for (var i = 0; i < 300; i++) await ResetDuringUpload(host.Http.BaseAddress!);

        await host.Until("SELECT count() FROM system.processes", "1");
        Assert.Equal(0, (await host.Stop()).ExitCode);
        Assert.DoesNotContain("failed in the host", await host.Log(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_that_a_stop_breaks_off_are_no_failure_of_the_host()
    {
        using var host = await HostProcess.Start(_directory.Path);
        await host.Ask("CREATE TABLE t (s String) ENGINE = Null");
        var uploads = new List<Socket>();
        for (var i = 0; i < 20; i++) uploads.Add(await StartUpload(host.Http.BaseAddress!));
        await host.Until("SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO t%'", "20");

        Assert.Equal(0, (await host.Stop()).ExitCode);

        Assert.DoesNotContain("failed in the host", await host.Log(), StringComparison.Ordinal);
        foreach (var upload in uploads) upload.Dispose();
    }

    static async Task ResetDuringUpload(Uri url)
    {
        using var socket = await StartUpload(url);
        socket.LingerState = new LingerOption(true, 0);
    }

    static async Task<Socket> StartUpload(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(url.Host, url.Port);
        const string Head = "POST /?query=INSERT+INTO+t+FORMAT+LineAsString HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(Head + new string('\n', 300_000)));
        return socket;
    }
}
