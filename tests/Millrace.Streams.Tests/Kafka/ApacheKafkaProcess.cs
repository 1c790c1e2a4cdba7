using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>The real Apache Kafka on free ports of this machine, with a data directory of its own; can be killed and started again.</summary>
public sealed class ApacheKafkaProcess : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    readonly int _port = FreePort();
    readonly int _controllerPort = FreePort();
    Process? _process;

    public StandEndpoints Endpoints => new() { Kafka = $"127.0.0.1:{_port}", ClickHouse = new Uri("http://127.0.0.1:1") };

    public Task InitializeAsync() => Prerequisites.Missing(Prerequisite.ApacheKafka) is null ? StartAsync() : Task.CompletedTask;

    public async Task StartAsync()
    {
        var arguments = string.Create(CultureInfo.InvariantCulture, $"start --dir {_directory.Sub("kafka")} --port {_port} --controller-port {_controllerPort}");
        _process = Process.Start(new ProcessStartInfo(Path.Combine(Prerequisites.ApacheKafka, "bin", "kafka"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx256m" },
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.Holds(IsListening, "Apache Kafka listens");
    }

    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        _directory.Dispose();
    }

    async Task<bool> IsListening()
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
