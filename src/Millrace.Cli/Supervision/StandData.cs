using System.Diagnostics;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>What a data directory must be before a stand comes up on it.</summary>
static class StandData
{
    /// <summary>In bytes. What a stand writes in its first half minute; on less it would come up, take no record and not be found by other commands.</summary>
    const long LeastRoom = 32_000_000;

    /// <exception cref="CliException">The disk of the data directory is full, or nearly so.</exception>
    /// <param name="otherwise">What to do instead of making room.</param>
    public static void RequireRoom(StandPaths paths, string otherwise = "name a folder on another disk with --data")
    {
        var free = new DriveInfo(paths.Data).AvailableFreeSpace;
        if (free >= LeastRoom) return;
        throw new CliException(
            ExitCodes.CannotStart,
            $"The disk of {paths.Data} has {Humanize.Bytes(free)} free: make room, or {otherwise}.");
    }

    /// <summary>
    /// Ends what a killed supervisor left behind: its services stop by themselves when it is gone, and are killed when they have not done
    /// so in time.
    /// </summary>
    public static async Task EndLeftoversAsync(StandState? left, CancellationToken cancellation)
    {
        ControlSocket.RemoveLeftover(left);
        var limit = StopLimits.Leftovers;
        var started = Stopwatch.GetTimestamp();
        foreach (var process in left?.Services.Select(service => service.Process).OfType<ProcessIdentity>() ?? [])
        {
            var rest = limit - Stopwatch.GetElapsedTime(started);
            if (await process.GoneWithinAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, cancellation)) continue;
            process.Kill();
            await process.GoneWithinAsync(StopLimits.Kill, cancellation);
        }
    }
}
