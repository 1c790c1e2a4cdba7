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

    /// <summary>Events that Kafka refused, or of which it gave no answer.</summary>
    public long Failed => Volatile.Read(ref _last) is { } last ? last.Failed + (last.IsFinal ? last.InFlight : 0) : 0;

    /// <summary>Acknowledged events that must become dead letters.</summary>
    public long Malformed => Volatile.Read(ref _last)?.Malformed ?? 0;

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
