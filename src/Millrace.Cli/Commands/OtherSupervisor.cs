using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary>What an <c>up</c> finds on its data directory before it begins.</summary>
static class OtherSupervisor
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A command that only probes the lock lets go within a few looks: no reason to speak.</summary>
    const int SilentLooks = 5;

    /// <summary>Whether another supervisor runs the stand; one that is still starting or stopping is waited for, however long it takes.</summary>
    public static async Task<bool> RunsOnceSettledAsync(Invocation invocation, CancellationToken stop)
    {
        for (var look = 1; DataDirectoryLock.IsTaken(invocation.Paths); look++)
        {
            if (invocation.Stand is { Phase: StandPhase.Running }) return true;
            if (look == SilentLooks) Terminal.Note($"Another {Self.Command} is starting or stopping the stand on {invocation.Paths.Data}: waiting for it ...");
            await Task.Delay(Pause, stop);
        }
        return false;
    }
}
