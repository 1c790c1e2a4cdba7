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

    public static async Task<int> StartAsync(Invocation invocation, IReadOnlyList<StandSetting> asked, StopSignals signals)
    {
        if (await OtherSupervisor.RunsOnceSettledAsync(invocation, signals.Stop))
            return invocation is { Output: OutputFormat.Json, Stand: { } other } ? Report(invocation, other, asked) : UpCommand.AlreadyUp(invocation, asked);
        var log = new DetachedLog(invocation.Paths);
        using var supervisor = Launch(log.Path);
        for (var hasEnded = false; !hasEnded;)
        {
            hasEnded = supervisor.HasExited;
            if (invocation.Stand is { Phase: StandPhase.Running } stand) return Report(invocation, stand, asked);
            if (signals.Stop.IsCancellationRequested && invocation.Stand is { } starting) await ControlClient.StopAsync(invocation.Paths, starting, _ => { }, signals.AtOnce);
            // It may be one that never gets to write its state.
            signals.AtOnce.ThrowIfCancellationRequested();
            await Task.Delay(Pause);
        }
        if (signals.Interrupted) return ExitCodes.Cancelled;
        throw supervisor.ExitCode == ExitCodes.Success
            ? new CliException(ExitCodes.NotRunning, $"Somebody took the stand on {invocation.Paths.Data} down while it came up: start it again with  {Self.Command} up -d")
            : new CliException(supervisor.ExitCode == ExitCodes.Defect ? ExitCodes.Defect : ExitCodes.OfPart(supervisor.ExitCode), log.LastWords(supervisor.ExitCode));
    }

    static Process Launch(string log)
    {
        // The shell only redirects: .NET would give the process our own stdout, or pipes that end with us.
        string[] detach = ["-c", "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log];
        var start = new ProcessStartInfo("/bin/sh", [.. detach, Self.Program, .. Self.Arguments([.. Environment.GetCommandLineArgs().Skip(1).Select(ClickHousePassword.TakeFrom), Option])]);
        return Process.Start(start)!;
    }

    /// <summary>It may be the stand of another <c>up</c> that was a moment faster: then its settings may not be those that were asked for.</summary>
    static int Report(Invocation invocation, StandState stand, IReadOnlyList<StandSetting> asked)
    {
        StandSetting.RequireSame(asked, stand, invocation.Paths);
        var report = StandReport.Of(invocation.Paths, stand, TimeProvider.System.GetUtcNow());
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.StandReport);
        else Terminal.Write(report.ToTable());
        return ExitCodes.Success;
    }
}
