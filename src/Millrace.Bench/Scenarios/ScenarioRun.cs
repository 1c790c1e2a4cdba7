using System.Globalization;
using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Stands;

namespace Millrace.Bench.Scenarios;

/// <summary>One run of a scenario: what it is asked for, and where. Immutable.</summary>
/// <param name="Parameters">Of the measurement.</param>
/// <param name="Number">From 1.</param>
/// <param name="Tick">To be called each second or so: somebody looks how far it is.</param>
/// <param name="Doing">Is told in a few words what is done now.</param>
sealed record ScenarioRun(
    IBenchStands Stands, BenchOptions Options, IReadOnlyDictionary<string, string> Parameters, int Number, Action Tick,
    Action<string> Doing, TimeProvider Time)
{
    /// <summary>Events a second: a parameter, and a setting of the emitter.</summary>
    public const string RateName = "rate";

    /// <summary>A setting of the emitter: how many events it makes.</summary>
    const string EventsName = "events";

    public int Rate => int.Parse(Parameters[RateName], CultureInfo.InvariantCulture);

    /// <summary>The settings of the emitter that are varied, by their names.</summary>
    public Dictionary<string, string> Varied => Options.Vary.ToDictionary(setting => setting.Name, setting => Parameters[setting.Name]);

    /// <summary>A stand whose emitter goes at a rate, by the settings that are varied.</summary>
    /// <param name="events">After which it ends; null for never.</param>
    public StandDemand Demand(int rate, long? events = null)
    {
        var emitter = Varied;
        emitter[RateName] = rate.ToString(CultureInfo.InvariantCulture);
        if (events is { } count) emitter[EventsName] = count.ToString(CultureInfo.InvariantCulture);
        return new StandDemand(emitter);
    }

    /// <summary>Measures on a stand of its own.</summary>
    public Task<T> MeasureAsync<T>(
        StandDemand demand, Func<MeasuredStand, CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        Stands.RunAsync(demand, async (stand, stopping) =>
        {
            await using var measured = new MeasuredStand(stand, Stands.Catalog, Tick, Time);
            return await work(measured, stopping).ConfigureAwait(false);
        }, cancellation);

    /// <param name="values">By the names of <see cref="Metric"/>.</param>
    public RunResult Result(DateTimeOffset startedAt, Dictionary<string, double> values) => new(
        Number, startedAt, Math.Round((Time.GetUtcNow() - startedAt).TotalSeconds, 1), values);
}
