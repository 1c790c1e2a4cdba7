using Millrace.Cli.Endpoints;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>Reads once a second what flows through a running stand, and publishes it.</summary>
static class FlowFeed
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Ends, without an exception, when <paramref name="stopping"/> is set. What can't be read, as definitions with a mistake in them, is
    /// published and tried again.
    /// </summary>
    public static async Task RunAsync(StandBoard board, TimeProvider time, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(board, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                board.FlowIsUnknown(e.Message);
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    static async Task ReadAsync(StandBoard board, TimeProvider time, CancellationToken stopping)
    {
        var stand = board.State;
        var endpoints = new UnresolvedEndpoints(stand.Kafka!, stand.ClickHouse!, stand.Profile, stand.Identity ?? StandIdentity.Default);
        using var reader = new StandStatusReader(endpoints.Resolve(), StreamCatalog.Load(stand.Streams), time);
        using var timer = new PeriodicTimer(Pause, time);
        do board.Flows(await reader.ReadAsync(stopping));
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
