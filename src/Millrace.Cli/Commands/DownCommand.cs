using System.CommandLine;
using System.Diagnostics;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace down</c>: stops the stand in order; with -v its data go too.</summary>
static class DownCommand
{
    /// <summary>
    /// A supervisor that comes up holds the lock of the data a moment before it says so, and one that goes down a moment longer.
    /// </summary>
    static readonly TimeSpan SilentLimit = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Command Create(GlobalOptions options)
    {
        var volumes = new Option<bool>("--volumes", "-v") { Description = "Also wipe the data: topics, tables, logs." };
        var command = new Command("down", "Stop the stand.") { volumes };
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var wipes = parsed.GetValue(volumes);
            if (wipes) DataWipe.Require(invocation.Paths);
            var changes = new ChangePrinter(invocation.Output, ServiceState.Stopped);
            await StopAsync(invocation, changes, cancellation);
            if (wipes && DataWipe.Run(invocation.Paths) is { } kept) changes.Show(new WipeReport(invocation.Paths.Data, kept));
            return ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }

    /// <returns>null when none is up, or the lock of the data is held by somebody who tells nothing.</returns>
    static async Task<StandState?> StandAsync(Invocation invocation, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (invocation.Stand is null && DataDirectoryLock.IsTaken(invocation.Paths) && Stopwatch.GetElapsedTime(started) < SilentLimit)
            await Task.Delay(Pause, cancellation);
        return invocation.Stand;
    }

    static async Task StopAsync(Invocation invocation, ChangePrinter changes, CancellationToken cancellation)
    {
        if (await StandAsync(invocation, cancellation) is not { } stand)
        {
            if (DataDirectoryLock.IsTaken(invocation.Paths)) throw DataWipe.Busy(invocation.Paths);
            await StandData.EndLeftoversAsync(new StateFile(invocation.Paths.State).Read(), cancellation);
            Console.Error.WriteLine($"No stand is up on {invocation.Paths.Data}.");
            return;
        }
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var limit = StopLimits.Stand(stand.Services.Count);
        late.CancelAfter(limit);
        try
        {
            await ControlClient.StopAsync(invocation.Paths, stand, changes.Show, late.Token);
            if (await stand.Supervisor.GoneWithinAsync(limit, late.Token)) return;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It has had its time.
        }
        stand.Supervisor.Kill();
        Terminal.Note(
            $"The supervisor (pid {stand.Supervisor.Pid}) had not stopped the stand after {limit.TotalSeconds:0} s: "
            + "it was killed, its services end now.");
        await StandData.EndLeftoversAsync(stand, cancellation);
    }
}
