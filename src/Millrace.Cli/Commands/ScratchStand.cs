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
/// A stand as <c>up</c> runs it, on free ports of the loopback and in a folder that is deleted afterwards: other stands and other commands
/// that have one know nothing of it.
/// </summary>
static class ScratchStand
{
    /// <summary>What a record says of its time is no reason to drop it.</summary>
    static readonly string[] Up = ["--kafka-port", "0", "--clickhouse-port", "0", "--broker-config", "log.retention.ms=-1"];

    /// <summary>Broker and ClickHouse alone, for <c>check</c>.</summary>
    /// <param name="streams">How many tables will read Kafka.</param>
    /// <param name="work">Is told where the servers are, and when to stop.</param>
    /// <inheritdoc cref="RunAsync{T}(ScratchDemand, Func{ScratchRun, CancellationToken, Task{T}})"/>
    public static Task<T> RunAsync<T>(int streams, Func<StandEndpoints, CancellationToken, Task<T>> work)
    {
        var demand = new ScratchDemand("check", paths => new StandOptions { Paths = paths, Streams = streams })
        {
            Services = [ServiceNames.Broker, ServiceNames.ClickHouse],
        };
        return RunAsync(demand, (run, stopping) => work(run.Endpoints, stopping));
    }

    /// <param name="work">Is told about the stand that is up, and when to stop.</param>
    /// <exception cref="CliException">A service could not be started.</exception>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    public static async Task<T> RunAsync<T>(ScratchDemand demand, Func<ScratchRun, CancellationToken, Task<T>> work)
    {
        using var signals = new StopSignals();
        await ScratchFolder.DeleteLeftAsync(signals.Stop);
        using var folder = ScratchFolder.Create(demand.Command);
        using var dataLock = DataDirectoryLock.TryTake(folder.Paths) ?? throw DataWipe.Busy(folder.Paths);
        var up = new TaskCompletionSource<StandState>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stand = demand.Stand(folder.Paths);
        var running = StandSupervisor.RunAsync(
            Plan(stand, demand), stand.Paths, dataLock, signals, demand.View, up.SetResult, TimeProvider.System);
        try
        {
            if (await Task.WhenAny(up.Task, running) == running) await running;
            signals.Stop.ThrowIfCancellationRequested();
            var working = work(new ScratchRun(stand.Paths, await up.Task), signals.Stop);
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

    static StandPlan Plan(StandOptions stand, ScratchDemand demand)
    {
        var parts = new StandParts();
        return parts.Plan(
            stand, UpCommand.Create(new GlobalOptions(), parts).Parse([.. Up, .. demand.Arguments]),
            last: new Dictionary<string, TakenPort>(), part => demand.Services.Contains(part.Name));
    }
}

/// <summary>What a scratch stand is to be like. Immutable.</summary>
/// <param name="Command">For which command it is.</param>
/// <param name="Stand">Its options, on a data directory.</param>
sealed record ScratchDemand(string Command, Func<StandPaths, StandOptions> Stand)
{
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>More that <c>up</c> is given.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IStandView View { get; init; } = new SilentView();
}

/// <summary>A scratch stand that is up. Immutable.</summary>
sealed record ScratchRun(StandPaths Paths, StandState Stand)
{
    public StandEndpoints Endpoints { get; } =
        new UnresolvedEndpoints(Stand.Kafka!, Stand.ClickHouse!, Profile: null, StandIdentity.Default).Resolve();
}
