using Millrace.Bench.Options;
using Millrace.Bench.Results;

namespace Millrace.Bench.Scenarios;

/// <summary>Finds the highest rate at which lag stays flat and rows are in time. Each rate is tried on a stand of its own.</summary>
sealed class SustainScenario : BenchScenario
{
    /// <summary>A trial that only bounds the search is so much shorter.</summary>
    const int ShortShare = 4;

    /// <summary>For the time that is left: from 8,000 to some 150,000 events a second.</summary>
    const int ExpectedShort = 6;

    const int ExpectedWhole = 4;

    public override string Name => "sustain";

    public override string Description => "the highest rate that is held for --hold, with p99 up to --p99";

    public override IReadOnlyList<IReadOnlyDictionary<string, string>> Cases(BenchOptions options) => [new Dictionary<string, string>()];

    public override TimeSpan Expected(BenchOptions options) =>
        ((AroundStand + options.WarmUp) * (ExpectedShort + ExpectedWhole))
        + (options.Hold * ((double)ExpectedShort / ShortShare + ExpectedWhole));

    public override async Task<RunResult> RunAsync(ScenarioRun run, CancellationToken cancellation)
    {
        var startedAt = run.Time.GetUtcNow();
        var trials = new List<SustainTrial>();
        var (held, failed) = await new RateSearch(run.Options.Most, TryAsync).RunAsync().ConfigureAwait(false);
        var best = trials.FindLast(trial => trial.Why is null && trial.Rate == held);
        var values = best is null ? [] : new Dictionary<string, double>(best.Result.Values);
        values[Metric.HeldRate] = held;
        if (failed is { } lowest) values[Metric.FailedRate] = lowest;
        return (best?.Result ?? trials[^1].Result) with
        {
            StartedAt = startedAt,
            Seconds = Math.Round((run.Time.GetUtcNow() - startedAt).TotalSeconds, 1),
            Values = values,
            Notes = [.. trials.Select(trial => trial.Sentence)],
        };

        async Task<bool> TryAsync(int rate, bool isWhole)
        {
            var time = isWhole ? run.Options.Hold : run.Options.Hold / ShortShare;
            run.Doing($"tries {rate} events/s");
            trials.Add(await SustainTrial.RunAsync(run, rate, time, cancellation).ConfigureAwait(false));
            return trials[^1].Why is null;
        }
    }
}
