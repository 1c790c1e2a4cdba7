using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Output;
using Millrace.Cli.Services;
using Millrace.Cli.Supervision;
using Millrace.Streams;

namespace Millrace.Cli.Commands;

/// <summary>
/// Broker and ClickHouse as <c>up</c> runs them, on free ports of the loopback and in a folder that is deleted afterwards: other stands and
/// other checks know nothing of it.
/// </summary>
static class ScratchStand
{
    /// <summary>What a sample says of its time is no reason to drop it.</summary>
    static readonly string[] Up = ["--kafka-port", "0", "--clickhouse-port", "0", "--broker-config", "log.retention.ms=-1"];

    /// <param name="streams">How many tables will read Kafka.</param>
    /// <param name="work">Is told where the servers are, and when to stop.</param>
    /// <exception cref="CliException">A server could not be started.</exception>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    public static async Task<T> RunAsync<T>(int streams, Func<StandEndpoints, CancellationToken, Task<T>> work)
    {
        using var signals = new StopSignals();
        await ScratchFolder.DeleteLeftAsync(signals.Stop);
        using var folder = ScratchFolder.Create();
        using var dataLock = DataDirectoryLock.TryTake(folder.Paths) ?? throw DataWipe.Busy(folder.Paths);
        var up = new TaskCompletionSource<StandState>(TaskCreationOptions.RunContinuationsAsynchronously);
        var plan = Plan(new StandOptions { Paths = folder.Paths, Streams = streams });
        var running = StandSupervisor.RunAsync(
            plan, folder.Paths, dataLock, signals, new SilentView(), up.SetResult, TimeProvider.System);
        try
        {
            if (await Task.WhenAny(up.Task, running) == running) await running;
            signals.Stop.ThrowIfCancellationRequested();
            var working = work(EndpointsOf(await up.Task), signals.Stop);
            // The servers go away with the first signal: what the work says of that is no news.
            await Task.WhenAny(working, signals.Stop.UntilCancelledAsync());
            signals.Stop.ThrowIfCancellationRequested();
            return await working;
        }
        finally
        {
            // Nothing of it is worth an orderly stop.
            signals.RequestStopAtOnce();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static StandPlan Plan(StandOptions stand)
    {
        var parts = new StandParts();
        return parts.Plan(
            stand, UpCommand.Create(new GlobalOptions(), parts).Parse(Up), last: new Dictionary<string, TakenPort>(),
            part => part.Name is ServiceNames.Broker or ServiceNames.ClickHouse);
    }

    static StandEndpoints EndpointsOf(StandState stand) =>
        new UnresolvedEndpoints(stand.Kafka!, stand.ClickHouse!, Profile: null, StandIdentity.Default).Resolve();
}
