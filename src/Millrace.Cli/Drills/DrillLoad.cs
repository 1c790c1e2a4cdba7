using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams;
using Millrace.Streams.Acknowledgements;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;

namespace Millrace.Cli.Drills;

/// <summary>
/// The events that a drill produces itself, in its own process: whatever dies, it knows what Kafka has acknowledged. Disposed of, it makes
/// no more and has waited for what was in flight.
/// </summary>
sealed class DrillLoad : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly Task<EmitterReport> _running;
    EmitterReport? _last;

    /// <exception cref="Streams.Kafka.KafkaPropertyException">The producer does not take a property of the profile.</exception>
    public DrillLoad(StandEndpoints endpoints, StreamCatalog catalog, int eventsPerSecond)
    {
        Rate = new EmitterRate(eventsPerSecond);
        _running = Emitter.RunAsync(
            new EmitterOptions(), Rate, endpoints, catalog, Acknowledged, report => Volatile.Write(ref _last, report), NullLogger.Instance,
            TimeProvider.System, _stop.Token);
    }

    public EmitterRate Rate { get; }

    public AcknowledgedOffsets Acknowledged { get; } = new();

    /// <summary>It makes no more events: it failed, or was stopped.</summary>
    public bool HasEnded => _running.IsCompleted;

    /// <summary>As it is now. The counts are older than the offsets, by a second at most.</summary>
    public DrillPromise Promised
    {
        get
        {
            var last = Volatile.Read(ref _last);
            var failed = (last?.Failed ?? 0) + (last is { IsFinal: true } ? last.InFlight : 0);
            return new DrillPromise(Acknowledged.Snapshot(), Acknowledged.WithoutOffset, failed, last?.Malformed ?? 0);
        }
    }

    /// <exception cref="EmitterOptionException">No stream is to be emitted.</exception>
    public Task<EmitterReport> StopAsync()
    {
        _stop.Cancel();
        return _running;
    }

    public async ValueTask DisposeAsync()
    {
        await ((Task)StopAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}

/// <summary>What Kafka has acknowledged to a drill. Immutable.</summary>
/// <param name="WithoutOffset">As of <see cref="AcknowledgedOffsets.WithoutOffset"/>.</param>
/// <param name="Failed">Events that Kafka refused, or of which it gave no answer.</param>
/// <param name="Malformed">Acknowledged events that must become dead letters.</param>
sealed record DrillPromise(IReadOnlyList<AcknowledgedPartition> Acknowledged, long WithoutOffset, long Failed, long Malformed);
