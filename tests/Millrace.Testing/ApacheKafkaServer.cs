using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Testing;

/// <summary>The real Apache Kafka as a child process, on free ports and with a directory of its own.</summary>
public sealed class ApacheKafkaServer : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly int _port = FreePort();
    Process? _process;

    ApacheKafkaServer()
    {
    }

    /// <summary>host:port.</summary>
    public string Bootstrap => $"127.0.0.1:{_port}";

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="settings">Lines of server.properties beside the usual ones.</param>
    public static async Task<ApacheKafkaServer> StartAsync(params IEnumerable<string> settings)
    {
        var server = new ApacheKafkaServer();
        string[] start = ["start", "--dir", server._directory.Sub("kafka"), "--port", $"{server._port}", "--controller-port", $"{FreePort()}"];
        // The default of 50 partitions for committed offsets keeps the first group waiting for a minute on a busy machine.
        var lines = settings.Prepend("offsets.topic.num.partitions=1").SelectMany(line => (string[])["--set", line]);
        server._process = Process.Start(new ProcessStartInfo(Path.Combine(Prerequisites.ApacheKafka, "bin", "kafka"), [.. start, .. lines])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx256m" },
        })!;
        // Read and thrown away: a full pipe would stop it.
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        await Eventually.Holds(server.IsListeningAsync, "Apache Kafka listens");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _directory.Dispose();
    }

    async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        return true;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
