using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Stands;

namespace Millrace.Bench.Scenarios;

/// <summary>
/// How late rows are at a given rate. Events are due at a steady rate whatever the stand does (open loop), and each row knows when its
/// event was due and when it was inserted.
/// </summary>
sealed class LatencyScenario : BenchScenario
{
    /// <summary>Events go on after the measured time, so that its end is like the rest of it.</summary>
    static readonly TimeSpan Tail = TimeSpan.FromSeconds(2);

    public override string Name => "latency";

    public override string Description => "how late rows are at each --rate";

    public override IReadOnlyList<IReadOnlyDictionary<string, string>> Cases(BenchOptions options) => EachRate(options);

    public override TimeSpan Expected(BenchOptions options) => AroundStand + options.WarmUp + options.Duration + Tail;

    public override Task<RunResult> RunAsync(ScenarioRun run, CancellationToken cancellation)
    {
        var seconds = (run.Options.WarmUp + run.Options.Duration + Tail).TotalSeconds;
        var demand = run.Demand(run.Rate, (long)Math.Ceiling(run.Rate * seconds));
        return run.MeasureAsync(demand, (stand, stopping) => MeasureAsync(run, stand, stopping), cancellation);
    }

    static async Task<RunResult> MeasureAsync(ScenarioRun run, MeasuredStand stand, CancellationToken cancellation)
    {
        var startedAt = run.Time.GetUtcNow();
        run.Doing("warms up");
        var first = await stand.FirstDueAsync(cancellation).ConfigureAwait(false);
        var from = first + (long)run.Options.WarmUp.TotalMilliseconds;
        var to = from + (long)run.Options.Duration.TotalMilliseconds;
        await stand.UntilAsync(from, cancellation).ConfigureAwait(false);
        stand.Sampler.Begin();
        run.Doing("measures");
        await stand.UntilAsync(to, cancellation).ConfigureAwait(false);
        var uses = stand.Sampler.Use();
        var timeline = stand.Sampler.Timeline;
        run.Doing("waits for the last rows");
        await stand.SettleAsync(() => Acknowledged(stand.Stand.Look()), cancellation).ConfigureAwait(false);
        var late = await stand.Rows.LatenciesAsync(from, to, cancellation).ConfigureAwait(false);
        var values = Values(late);
        values[Metric.Rate] = Math.Round(late.Count / run.Options.Duration.TotalSeconds, 1);
        values[Metric.Acknowledged] = stand.Stand.Look().Emitter?.Acknowledged ?? 0;
        values[Metric.Stored] = await stand.Rows.CountAsync(cancellation).ConfigureAwait(false);
        values[Metric.DeadLetters] = await stand.Rows.DeadLettersAsync(cancellation).ConfigureAwait(false);
        var result = run.Result(startedAt, values) with
        {
            Percentiles = late.Points(),
            Latency = await stand.Rows.OverTimeAsync(first, cancellation).ConfigureAwait(false),
            Notes = [.. Notes(stand.Stand.Look(), values)],
        };
        return MeasuredStand.With(result, uses, late.Count, timeline);
    }

    /// <returns>null as long as it may become more.</returns>
    static long? Acknowledged(StandLook look) => look is { EmitterEnded: true, Emitter: { } emitter } ? emitter.Acknowledged : null;

    static IEnumerable<string> Notes(StandLook look, Dictionary<string, double> values)
    {
        if (look.Emitter is { Failed: > 0 } emitter) yield return $"Kafka refused {emitter.Failed} events: {emitter.LastError}.";
        if (values[Metric.Stored] < values[Metric.Acknowledged])
            yield return $"{values[Metric.Acknowledged] - values[Metric.Stored]:0} acknowledged events are no rows: "
                + "they are in no percentile.";
        if (values[Metric.Stored] > values[Metric.Acknowledged])
            yield return $"{values[Metric.Stored] - values[Metric.Acknowledged]:0} rows are of events that were not acknowledged, "
                + "as those of an emitter that died.";
    }

    internal static Dictionary<string, double> Values(LatencyHistogram late) => new()
    {
        [Metric.P50] = late.At(50),
        [Metric.P90] = late.At(90),
        [Metric.P99] = late.At(99),
        [Metric.P999] = late.At(99.9),
        [Metric.Max] = late.At(100),
    };
}
