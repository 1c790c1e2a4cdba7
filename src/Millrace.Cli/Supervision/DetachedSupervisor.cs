using System.Diagnostics;
using Millrace.Cli.Commands;
using Millrace.Cli.Output;

namespace Millrace.Cli.Supervision;

/// <summary><c>up -d</c>: starts the supervisor as a process of its own session, which no closed terminal reaches, and waits until the stand is ready.</summary>
static class DetachedSupervisor
{
    /// <summary>Hidden option that makes <c>up -d</c> be that process.</summary>
    public const string Option = "--detached";

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<int> StartAsync(Invocation invocation)
    {
        using var signals = new StopSignals();
        if (await IsUpAsync(invocation, signals.Stop)) return UpCommand.AlreadyUp(invocation);
        using var supervisor = Launch(LogPath(invocation.Paths));
        while (!supervisor.HasExited)
        {
            if (invocation.Stand is { Phase: StandPhase.Running } stand) return Report(invocation, stand);
            if (signals.Stop.IsCancellationRequested) await TakeDownAsync(invocation.Paths);
            await Task.Delay(Pause);
        }
        if (signals.Interrupted) return ExitCodes.Cancelled;
        throw supervisor.ExitCode == ExitCodes.Success
            ? new CliException(ExitCodes.NotRunning, $"Somebody took the stand on {invocation.Paths.Data} down while it came up: start it again with  millrace up -d")
            : new CliException(supervisor.ExitCode, await LastWordsAsync(invocation.Paths));
    }

    /// <summary>Whether another supervisor runs the stand; if it has only begun to, this returns when everything is ready, or when it has given up.</summary>
    static async Task<bool> IsUpAsync(Invocation invocation, CancellationToken stop)
    {
        while (DataDirectoryLock.IsTaken(invocation.Paths))
        {
            if (invocation.Stand is { Phase: StandPhase.Running }) return true;
            await Task.Delay(Pause, stop);
        }
        // Makes the folder for the log; what can't be made is told here, in the user's own terminal.
        using var probe = DataDirectoryLock.TryTake(invocation.Paths);
        return probe is null;
    }

    static string LogPath(StandPaths paths) => paths.LogOf("supervisor");

    static Process Launch(string log)
    {
        // The shell only redirects: .NET would give the process our own stdout, or pipes that end with us.
        string[] detach = ["-c", "log=$1; shift; exec setsid \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log];
        var start = new ProcessStartInfo("/bin/sh", [.. detach, Self.Program, .. Self.Arguments([.. Environment.GetCommandLineArgs().Skip(1).Select(ClickHousePassword.TakeFrom), Option])]);
        return Process.Start(start)!;
    }

    static async Task TakeDownAsync(StandPaths paths)
    {
        try { await ControlClient.AskAsync(paths, new ControlRequest(ControlRequest.Down), CancellationToken.None); }
        catch (CliException) { /* It does not listen yet, or not any more: the caller looks again. */ }
    }

    static int Report(Invocation invocation, StandState stand)
    {
        var report = StandReport.Of(invocation.Paths, stand, TimeProvider.System.GetUtcNow());
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.StandReport);
        else Terminal.WriteTable(report.ToTable());
        return ExitCodes.Success;
    }

    static async Task<string> LastWordsAsync(StandPaths paths) => (await File.ReadAllLinesAsync(LogPath(paths))).LastOrDefault(line => line.Length > 0) ?? "The supervisor ended without a word.";
}
