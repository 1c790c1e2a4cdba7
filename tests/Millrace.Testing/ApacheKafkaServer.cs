using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Testing;

/// <summary>The real Apache Kafka as a child process, on free ports and with a directory of its own; can be killed and started again.</summary>
public sealed class ApacheKafkaServer : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly int _port, _controllerPort = FreePort();
    readonly string[] _arguments;
    Process? _process;

    /// <summary>A Java machine beside other tests on two cores: 5 s alone, over a minute on a busy machine.</summary>
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    ApacheKafkaServer(IEnumerable<string> settings, int? port = null)
    {
        _port = port ?? FreePort();
        string[] start = ["start", "--dir", _directory.Sub("kafka"), "--port", $"{_port}", "--controller-port", $"{_controllerPort}"];
        // The default of 50 partitions for committed offsets keeps the first group waiting for a minute on a busy machine.
        _arguments = [.. start, .. settings.Prepend("offsets.topic.num.partitions=1").SelectMany(line => (string[])["--set", line])];
    }

    /// <summary>host:port.</summary>
    public string Bootstrap => $"127.0.0.1:{_port}";

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="settings">Lines of server.properties beside the usual ones.</param>
    public static Task<ApacheKafkaServer> StartAsync(params IEnumerable<string> settings) => StartAsync(new ApacheKafkaServer(settings));

    /// <summary>Starts a broker more of this one's cluster, and waits until it listens.</summary>
    /// <param name="id">2 or more.</param>
    public Task<ApacheKafkaServer> StartAnotherAsync(int id)
    {
        var port = FreePort();
        return StartAsync(new ApacheKafkaServer(
            [
                "process.roles=broker",
                $"node.id={id}",
                $"controller.quorum.voters=1@127.0.0.1:{_controllerPort}",
                $"listeners=PLAINTEXT://127.0.0.1:{port}",
                $"advertised.listeners=PLAINTEXT://127.0.0.1:{port}",
            ],
            port));
    }

    static async Task<ApacheKafkaServer> StartAsync(ApacheKafkaServer server)
    {
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, with what it kept, and waits until it listens.</summary>
    public async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Path.Combine(Prerequisites.ApacheKafka, "bin", "kafka"), _arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx256m" },
        })!;
        // Read and thrown away: a full pipe would stop it.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.Holds(IsListeningAsync, "Apache Kafka listens", StartLimit);
    }

    /// <summary>In order: the cluster is told that partitions which no other broker has are without a leader.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        _process = null;
        process.Dispose();
    }

    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
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
