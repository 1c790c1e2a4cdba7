using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>Reads now and then what flows through a running stand, and publishes it.</summary>
static class FlowFeed
{
    /// <summary>Between two looks while somebody watches.</summary>
    public static readonly TimeSpan Watched = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks for <c>ps</c> alone, which tells of streams that wait.</summary>
    static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(5);

    /// <summary>As <see cref="RunAsync"/> where nobody watches: the first look waits too, as the first rows need the processors.</summary>
    public static async Task RunUnwatchedAsync(StandBoard board, TimeProvider time, CancellationToken stopping)
    {
        await Task.Delay(Unwatched, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await RunAsync(board, Unwatched, time, stopping);
    }

    /// <summary>
    /// Ends, without an exception, when <paramref name="stopping"/> is set. What can't be read, as definitions with a mistake in them, is
    /// published and tried again.
    /// </summary>
    public static async Task RunAsync(StandBoard board, TimeSpan pause, TimeProvider time, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(board, pause, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                board.FlowIsUnknown(e.Message);
                await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Returns when setup has run again: the definitions may be others, and what a stream waited for may be done.</summary>
    static async Task ReadAsync(StandBoard board, TimeSpan pause, TimeProvider time, CancellationToken stopping)
    {
        var stand = board.State;
        var setUp = SetUpAt(stand);
        var endpoints = new UnresolvedEndpoints(stand.Kafka!, stand.ClickHouse!, stand.Profile, stand.Identity ?? StandIdentity.Default);
        using var reader = new StandStatusReader(endpoints.Resolve(), StreamCatalog.Load(stand.Streams), time);
        using var timer = new PeriodicTimer(pause, time);
        do board.Flows(await reader.ReadAsync(stopping));
        while (await timer.WaitForNextTickAsync(stopping) && (SetUpAt(board.State) is not { } last || last == setUp));
    }

    /// <returns>null while setup has yet to finish.</returns>
    static DateTimeOffset? SetUpAt(StandState stand) =>
        stand.Services.FirstOrDefault(service => service is { Name: ServiceNames.Setup, State: ServiceState.Finished })?.Since;
}
