using System.Diagnostics;
using System.Globalization;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Runs the real launcher, as a user does.</summary>
static class Launcher
{
    /// <summary>Covers the build that the first command may bring with it.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "millrace");

    public static async Task<CommandResult> RunAsync(string data, IEnumerable<string> arguments, string? input = null)
    {
        using var process = Start(data, arguments);
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(late.Token);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a command that goes on; the caller ends it.</summary>
    public static Process Start(string data, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MILLRACE_DATA"] = data },
        };
        return Process.Start(start)!;
    }

    /// <param name="pid">A process; negative for the whole process group that it leads.</param>
    /// <param name="signal">As kill(1) names it: KILL, INT, TERM.</param>
    public static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, "--", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>
    /// A process whose parent is gone too stays in /proc as a zombie until whoever adopted it, process 1 or a subreaper, asks for its
    /// exit code: soon, late or never.
    /// </summary>
    public static bool HasEnded(int pid)
    {
        try { return File.ReadLines($"/proc/{pid}/status").Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal)); }
        catch (IOException) { return true; }
    }
}
