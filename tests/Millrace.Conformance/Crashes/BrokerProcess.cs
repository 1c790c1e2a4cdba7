using System.Diagnostics;
using System.Globalization;
using Millrace.Testing;

namespace Millrace.Conformance.Crashes;

/// <summary>A broker in a process of its own, that can be killed and started again on the same port and directory.</summary>
sealed class BrokerProcess : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    Process _process = null!;
    int _port;

    public string Bootstrap => $"127.0.0.1:{_port}";

    /// <summary>Returns when clients are served.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BrokerProgram).Assembly.Location, _directory.Sub("data"), $"{_port}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the broker did not start");
        _port = int.Parse(line, CultureInfo.InvariantCulture);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Dispose();
    }
}
