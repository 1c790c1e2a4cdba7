using System.Diagnostics;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>up -d</c>: starts the supervisor as a process of its own session, which no closed terminal reaches, and waits until the stand is up.
/// </summary>
static class DetachedSupervisor
{
    /// <summary>Hidden option that makes <c>up -d</c> be that process.</summary>
    public const string Option = "--detached";

    /// <summary>Between two looks whether the supervisor listens; from then on it says itself when the stand is up.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>For a supervisor that ends at once: its services are killed, and what it keeps is deleted.</summary>
    static readonly TimeSpan AtOnceLimit = TimeSpan.FromSeconds(5);

    public static async Task<int> StartAsync(Invocation invocation, IReadOnlyList<StandSetting> asked, StopSignals signals)
    {
        if (await OtherSupervisor.RunsOnceSettledAsync(invocation, signals.Stop))
            return invocation is { Output: OutputFormat.Json, Stand: { } other }
                ? Report(invocation, other, asked)
                : UpCommand.AlreadyUp(invocation, asked);
        var log = new DetachedLog(invocation.Paths);
        using var supervisor = Launch(log.Path);
        try
        {
            if (await UpAsync(invocation, supervisor, signals) is { } stand) return Report(invocation, stand, asked);
        }
        catch (OperationCanceledException)
        {
            await EndAtOnceAsync(invocation, supervisor);
        }
        if (signals.Interrupted) return ExitCodes.Cancelled;
        throw Ended(invocation.Paths, supervisor.ExitCode, log);
    }

    /// <returns>The stand that is up, whoever brought it up; null when the supervisor has ended and none is.</returns>
    static async Task<StandState?> UpAsync(Invocation invocation, Process supervisor, StopSignals signals)
    {
        while (true)
        {
            var hasEnded = supervisor.HasExited;
            var stand = invocation.Stand;
            if (stand is { Phase: StandPhase.Running }) return stand;
            if (stand is not null) await SettledAsync(invocation.Paths, stand, signals);
            else if (hasEnded) return null;
            await Task.Delay(Pause, signals.AtOnce);
        }
    }

    /// <summary>Returns when the stand is up, or its supervisor is about to end; a Ctrl-C stops it.</summary>
    static async Task SettledAsync(StandPaths paths, StandState stand, StopSignals signals)
    {
        try
        {
            await ControlClient.AskAsync(paths, stand, new ControlRequest(ControlRequest.WaitUntilUp), _ => { }, signals.Stop);
        }
        catch (CliException)
        {
            // Its exit code and its log will say why.
        }
        catch (OperationCanceledException) when (!signals.AtOnce.IsCancellationRequested)
        {
            await ControlClient.StopAsync(paths, stand, _ => { }, signals.AtOnce);
        }
    }

    static CliException Ended(StandPaths paths, int exitCode, DetachedLog log)
    {
        if (exitCode != ExitCodes.Success)
            return new CliException(exitCode == ExitCodes.Defect ? exitCode : ExitCodes.OfPart(exitCode), log.LastWords(exitCode));
        return new CliException(
            ExitCodes.NotRunning,
            $"Somebody took the stand on {paths.Data} down while it came up: start it again with  {Self.Command} up -d");
    }

    /// <summary>Nothing of it is left alive, also of one that has not got to write its state or that does not answer.</summary>
    static async Task EndAtOnceAsync(Invocation invocation, Process supervisor)
    {
        using var late = new CancellationTokenSource(AtOnceLimit);
        try
        {
            var request = new ControlRequest(ControlRequest.Down, AtOnce: true);
            if (invocation.Stand is { } stand) await ControlClient.AskAsync(invocation.Paths, stand, request, _ => { }, late.Token);
            else supervisor.Kill();
            await supervisor.WaitForExitAsync(late.Token);
        }
        catch (Exception e) when (e is CliException or OperationCanceledException)
        {
            // Its services end with it.
            supervisor.Kill();
            await supervisor.WaitForExitAsync();
        }
        DeleteLeftovers(invocation.Paths);
    }

    /// <summary>What says that a supervisor listens, of one that had no chance to delete it.</summary>
    static void DeleteLeftovers(StandPaths paths)
    {
        using var dataLock = DataDirectoryLock.TryTake(paths);
        if (dataLock is null) return;
        foreach (var file in new[] { paths.State, paths.Socket }) File.Delete(file);
    }

    static Process Launch(string log)
    {
        // The shell only redirects: .NET would give the process our own stdout, or pipes that end with us.
        string[] detach = ["-c", "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log];
        var arguments = Environment.GetCommandLineArgs().Skip(1).Select(ClickHousePassword.TakeFrom);
        return Process.Start(new ProcessStartInfo("/bin/sh", [.. detach, Self.Program, .. Self.Arguments([.. arguments, Option])]))!;
    }

    /// <summary>It may be the stand of another <c>up</c> that was a moment faster: then its settings may not be those that were asked for.</summary>
    static int Report(Invocation invocation, StandState stand, IReadOnlyList<StandSetting> asked)
    {
        StandSetting.RequireSame(asked, stand, invocation.Paths);
        var report = StandReport.Of(invocation.Paths, stand, TimeProvider.System.GetUtcNow());
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.StandReport);
        else Terminal.Write(report.ToTable());
        if (invocation.Output != OutputFormat.Json && stand.PageLink is { } link) Console.WriteLine($"page: {link}");
        return ExitCodes.Success;
    }
}
