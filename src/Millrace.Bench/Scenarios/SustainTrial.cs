using System.Globalization;
using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Stands;
using Millrace.Streams.ClickHouse;

namespace Millrace.Bench.Scenarios;

/// <summary>Tries one rate for a while. Immutable.</summary>
/// <param name="Why">Why it was not held; null where it was.</param>
sealed record SustainTrial(int Rate, TimeSpan Time, string? Why, RunResult Result)
{
    /// <summary>Of all events of the time so many have to be in time: p99.</summary>
    const double Share = 0.99;

    /// <summary>Lag is flat where it rises by no more than this share of what is produced meanwhile, or half a second's events.</summary>
    const double RiseShare = 0.01;

    const double RiseSeconds = 0.5;

    public string Sentence => string.Create(CultureInfo.InvariantCulture,
        $"{Rate:N0} events/s for {Time.TotalSeconds:0.#} s: {Why ?? $"held, p99 {Result.Values[Metric.P99]:0} ms"}.");

    public static Task<SustainTrial> RunAsync(ScenarioRun run, int rate, TimeSpan time, CancellationToken cancellation) =>
        run.MeasureAsync(run.Demand(rate), (stand, stopping) => TryAsync(run, stand, rate, time, stopping), cancellation);

    /// <summary>A stand that has more than it can do may not store a row in time, or refuse a query: then the rate is not held.</summary>
    static async Task<SustainTrial> TryAsync(
        ScenarioRun run, MeasuredStand stand, int rate, TimeSpan time, CancellationToken cancellation)
    {
        var startedAt = run.Time.GetUtcNow();
        try
        {
            return await MeasureAsync(run, stand, rate, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BenchFailedException or ClickHouseTroubleException)
        {
            return new SustainTrial(rate, time, e.Message, run.Result(startedAt, new Dictionary<string, double>()));
        }
    }

    static async Task<SustainTrial> MeasureAsync(
        ScenarioRun run, MeasuredStand stand, int rate, TimeSpan time, CancellationToken cancellation)
    {
        var startedAt = run.Time.GetUtcNow();
        var first = await stand.FirstDueAsync(cancellation).ConfigureAwait(false);
        var from = first + (long)run.Options.WarmUp.TotalMilliseconds;
        var to = from + (long)time.TotalMilliseconds;
        await stand.UntilAsync(from, cancellation).ConfigureAwait(false);
        stand.Sampler.Begin();
        var begin = stand.Sampler.Timeline.Count;
        await stand.UntilAsync(to, cancellation).ConfigureAwait(false);
        var uses = stand.Sampler.Use();
        var timeline = stand.Sampler.Timeline;
        // What was due last may still be in time.
        await stand.UntilAsync(to + (long)run.Options.P99Limit.TotalMilliseconds, cancellation).ConfigureAwait(false);
        var late = await stand.Rows.LatenciesAsync(from, to, cancellation).ConfigureAwait(false);
        var result = run.Result(startedAt, LatencyScenario.Values(late)) with
        {
            Percentiles = late.Points(),
            Latency = await stand.Rows.OverTimeAsync(first, cancellation).ConfigureAwait(false),
        };
        var due = rate * time.TotalSeconds;
        var why = WhyLate(run, late, due) ?? WhyBehind([.. timeline.Skip(begin)], rate);
        return new SustainTrial(rate, time, why, MeasuredStand.With(result, uses, late.Count, timeline));
    }

    /// <param name="due">Events: those that are not stored yet are late, too.</param>
    static string? WhyLate(ScenarioRun run, LatencyHistogram late, double due)
    {
        var limit = run.Options.P99Limit.TotalMilliseconds;
        var inTime = late.CountUpTo((long)limit) / due;
        return inTime >= Share
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"only {inTime:P1} of the events were rows within {limit:0} ms");
    }

    internal static string? WhyBehind(IReadOnlyList<TimelinePoint> points, int rate)
    {
        var known = points.Where(point => point.Lag is not null).ToList();
        if (known.Count < 2) return null;
        var seconds = known[^1].Seconds - known[0].Seconds;
        var rise = Slope(known) * seconds;
        return rise <= rate * Math.Max(RiseSeconds, seconds * RiseShare)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"lag rose by {rise:N0} records in {seconds:0} s");
    }

    /// <summary>Of the straight line that fits best: records a second.</summary>
    static double Slope(IReadOnlyList<TimelinePoint> points)
    {
        var (x, y) = (points.Average(point => point.Seconds), points.Average(point => (double)point.Lag!.Value));
        return points.Sum(point => (point.Seconds - x) * (point.Lag!.Value - y)) / points.Sum(point => Math.Pow(point.Seconds - x, 2));
    }
}
