using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Millrace.Kafka.Broker.Tests.Groups;

/// <summary>One kcat process that reads as a member of a group, and what it says.</summary>
/// <remarks>Thread-safe.</remarks>
sealed class Kcat : IDisposable
{
    readonly ConcurrentQueue<string> _rebalances = new();
    readonly ConcurrentQueue<string> _records = new();
    readonly Process _process;

    public Kcat(IPEndPoint broker, string group, params string[] topics)
    {
        _process = Start(
            ["-b", $"{broker}", "-X", "auto.offset.reset=earliest", "-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=500",
                "-X", "auto.commit.interval.ms=100", "-u", "-f", "%t %s\n", "-G", group, .. topics]);
        _process.OutputDataReceived += (_, line) => { if (line.Data is { } record) _records.Enqueue(record); };
        _process.ErrorDataReceived += (_, line) => { if (line.Data?.Contains("assigned:", StringComparison.Ordinal) == true) _rebalances.Enqueue(line.Data); };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Topic and value of each record, in the order they came.</summary>
    public string[] Records => [.. _records];

    /// <summary>One line for each assignment this member was given.</summary>
    public string[] Assignments => [.. _rebalances];

    public static async Task ProduceAsync(IPEndPoint broker, string topic, IEnumerable<int> values)
    {
        using var kcat = Start(["-b", $"{broker}", "-P", "-X", "partitioner=random", "-X", "sticky.partitioning.linger.ms=0", "-t", topic]);
        foreach (var value in values) await kcat.StandardInput.WriteLineAsync(value.ToString(CultureInfo.InvariantCulture));
        kcat.StandardInput.Close();
        await kcat.WaitForExitAsync();
        Assert.Equal(0, kcat.ExitCode);
    }

    /// <summary>SIGTERM: it commits and leaves the group.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGKILL: the coordinator hears nothing.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    static Process Start(string[] arguments) => Process.Start(
        new ProcessStartInfo("kcat", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
