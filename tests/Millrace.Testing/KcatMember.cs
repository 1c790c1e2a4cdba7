using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Millrace.Testing;

/// <summary>One kcat process that reads as a member of a group, from the beginning where nothing is committed, and what it says.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed partial class KcatMember : IDisposable
{
    const string AssignedMark = "assigned: ";

    readonly ConcurrentQueue<string> _records = new();
    readonly Process _process;

    /// <param name="bootstrap">host:port.</param>
    public KcatMember(string bootstrap, string group, params string[] topics)
    {
        _process = Process.Start(new ProcessStartInfo("kcat",
            ["-b", bootstrap, "-X", "auto.offset.reset=earliest", "-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=500",
                "-X", "auto.commit.interval.ms=100", "-u", "-f", "%t %s\n", "-G", group, .. topics])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => { if (line.Data is { } record) _records.Enqueue(record); };
        _process.ErrorDataReceived += (_, line) => NoteAssignment(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Topic and value of each record, in the order they came.</summary>
    public string[] Records => [.. _records];

    /// <summary>The partitions it was given last, each as <c>topic [partition]</c>.</summary>
    public IReadOnlyList<string> Assignment { get; private set; } = [];

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

    void NoteAssignment(string line)
    {
        if (line.IndexOf(AssignedMark, StringComparison.Ordinal) is var at and >= 0)
            Assignment = [.. Partition().Matches(line[(at + AssignedMark.Length)..]).Select(match => match.Value)];
    }

    [GeneratedRegex(@"[^\s,]+ \[\d+\]")]
    private static partial Regex Partition();
}
