using System.Runtime.CompilerServices;
using Millrace.Cli.Commands;
using Millrace.Cli.Supervision;
using Millrace.Streams.Definition;
using Millrace.Streams.Status;

namespace Millrace.Cli.Output;

/// <summary>The flow through a stand, read once a second. One reader at a time.</summary>
static class FlowFeed
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Ends, without an exception, when <paramref name="stopping"/> is set.</summary>
    public static async IAsyncEnumerable<StandStatus> ReadAsync(StandState stand, TimeProvider time, [EnumeratorCancellation] CancellationToken stopping)
    {
        var endpoints = EndpointParser.Parse(stand.Kafka, stand.ClickHouse, ProfileOption.Load(stand.Profile));
        if (stand.Identity is { } identity) endpoints = endpoints with { Identity = identity };
        using var reader = new StandStatusReader(endpoints, StreamCatalog.Load(stand.Streams), time);
        using var timer = new PeriodicTimer(Pause, time);
        while (await TryReadAsync(reader, stopping) is { } status)
        {
            yield return status;
            Task tick = timer.WaitForNextTickAsync(stopping).AsTask();
            await tick.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static async Task<StandStatus?> TryReadAsync(StandStatusReader reader, CancellationToken stopping)
    {
        try
        {
            return stopping.IsCancellationRequested ? null : await reader.ReadAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
    }
}
