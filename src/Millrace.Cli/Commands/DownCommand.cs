using System.CommandLine;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace down</c>: stops the stand in order; with -v its data go too.</summary>
static class DownCommand
{
    /// <summary>Longer than all services may take together to stop.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    public static Command Create(GlobalOptions options)
    {
        var volumes = new Option<bool>("--volumes", "-v") { Description = "Also wipe the data: topics, tables, logs." };
        var command = new Command("down", "Stop the stand.") { volumes };
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var changes = new ChangePrinter(invocation.Output, ServiceState.Stopped);
            await StopAsync(invocation, changes, cancellation);
            if (parsed.GetValue(volumes) && Wipe(invocation.Paths)) changes.Show(new WipeReport(invocation.Paths.Data));
            return ExitCodes.Success;
        });
        return command;
    }

    static async Task StopAsync(Invocation invocation, ChangePrinter changes, CancellationToken cancellation)
    {
        if (invocation.Stand is not { } stand)
        {
            if (DataDirectoryLock.IsTaken(invocation.Paths)) throw Busy(invocation.Paths);
            await DataDirectory.EndLeftoversAsync(new StateFile(invocation.Paths.State).Read(), cancellation);
            Console.Error.WriteLine($"No stand is up on {invocation.Paths.Data}.");
            return;
        }
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Limit);
        try
        {
            await ControlClient.StopAsync(invocation.Paths, stand, changes.Show, late.Token);
            if (await stand.Supervisor.GoneWithinAsync(Limit, late.Token)) return;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It has had its time.
        }
        stand.Supervisor.Kill();
        await DataDirectory.EndLeftoversAsync(stand, cancellation);
    }

    static CliException Busy(StandPaths paths) =>
        new(ExitCodes.Failed, $"A stand on {paths.Data} is coming up or going down this very moment: try again in a few seconds.");

    /// <summary>Removes what a stand keeps, and the data directory itself when nothing else is in it: it may be any folder of the user's.</summary>
    /// <returns>false when there were no data.</returns>
    static bool Wipe(StandPaths paths)
    {
        if (!Directory.Exists(paths.Data)) return false;
        // Nobody may come up on what goes away.
        using var dataLock = DataDirectoryLock.TryTake(paths) ?? throw Busy(paths);
        var socket = new StateFile(paths.State).Read()?.Socket;
        foreach (var folder in new[] { paths.Broker, paths.ClickHouse, paths.Logs }.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
        // The lock last: from then on somebody else may come up here.
        foreach (var file in new[] { socket, paths.Socket, paths.State, paths.Lock }.Where(File.Exists)) File.Delete(file!);
        if (Directory.Exists(paths.Data) && !Directory.EnumerateFileSystemEntries(paths.Data).Any()) Directory.Delete(paths.Data);
        return true;
    }
}
