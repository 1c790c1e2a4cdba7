using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Millrace.Testing;

namespace Millrace.Conformance.Crashes;

/// <summary>A broker in a process of its own, that can be killed and started again on the same port and directory.</summary>
/// <param name="shell">What a shell does before it becomes the broker: limits, umask.</param>
sealed class BrokerProcess(string shell = ":") : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly ConcurrentQueue<string> _warnings = new();
    Process _process = null!;
    int _port;

    public string Bootstrap => $"127.0.0.1:{_port}";

    public int Port => _port;

    public string DataDirectory => _directory.Sub("data");

    public bool HasEnded => _process.HasExited;

    /// <summary>What the broker has said at the level of a warning and above, in all its lives.</summary>
    public IReadOnlyList<string> Warnings => [.. _warnings];

    /// <summary>Returns when clients are served.</summary>
    public async Task StartAsync()
    {
        string[] broker = ["dotnet", typeof(BrokerProgram).Assembly.Location, DataDirectory, $"{_port}"];
        var start = new ProcessStartInfo("bash", ["-c", $"{shell}; exec \"$@\"", "bash", .. broker])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, told) => { if (told.Data is { } line) _warnings.Enqueue(line); };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the broker did not start");
        _port = int.Parse(line, CultureInfo.InvariantCulture);
    }

    /// <summary>A clean stop; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
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
