using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;

namespace Millrace.Bench.Stands;

/// <summary>Brings up stands that nobody uses but the measurement, one after the other.</summary>
public interface IBenchStands
{
    /// <summary>What flows in them.</summary>
    StreamCatalog Catalog { get; }

    /// <summary>An emitter's options for settings by their names.</summary>
    EmitterOptions OptionsOf(IReadOnlyDictionary<string, string> emitter);

    /// <summary>
    /// Runs a stand while <paramref name="work"/> goes on. It is gone, with all that it stored, when this returns.
    /// </summary>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    Task<T> RunAsync<T>(StandDemand demand, Func<IBenchStand, CancellationToken, Task<T>> work, CancellationToken cancellation);
}

/// <summary>What a stand is to be like. Immutable.</summary>
/// <param name="Emitter">The emitter's settings by their names, the rate among them; null for a stand without an emitter.</param>
public sealed record StandDemand(IReadOnlyDictionary<string, string>? Emitter)
{
    /// <summary>Nobody looks at it, as where a user starts one in the background.</summary>
    public bool IsUnwatched { get; init; }
}

/// <summary>A stand that is up.</summary>
public interface IBenchStand
{
    StandEndpoints Endpoints { get; }

    /// <summary>From nothing to everything being up.</summary>
    TimeSpan UpAfter { get; }

    /// <summary>Since its start.</summary>
    TimeSpan Age { get; }

    StandLook Look();

    /// <summary>As <c>kill -9</c> does; a process follows.</summary>
    Task KillAsync(string service, CancellationToken cancellation);
}
