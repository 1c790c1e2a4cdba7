using Millrace.Bench.Options;
using Millrace.Bench.Results;

namespace Millrace.Bench.Scenarios;

/// <summary>From an empty data directory to a row in each table, with program and engine in the page cache or not.</summary>
sealed class StartupScenario : BenchScenario
{
    public override string Name => "startup";

    public override string Description => "from nothing to a row in each table";

    public override IReadOnlyList<IReadOnlyDictionary<string, string>> Cases(BenchOptions options) => EachRate(options);

    public override TimeSpan Expected(BenchOptions options) => AroundStand;

    public override Task<RunResult> RunAsync(ScenarioRun run, CancellationToken cancellation) =>
        run.MeasureAsync(run.Demand(run.Rate) with { IsUnwatched = true }, async (stand, stopping) =>
        {
            var startedAt = run.Time.GetUtcNow() - stand.Stand.Age;
            run.Doing("waits for the first rows");
            await stand.UntilAsync(
                async () => (await stand.Rows.CountsAsync(stopping).ConfigureAwait(false)).All(rows => rows > 0),
                "a table stayed empty", stopping).ConfigureAwait(false);
            var values = new Dictionary<string, double>
            {
                [Metric.Up] = Math.Round(stand.Stand.UpAfter.TotalSeconds, 3),
                [Metric.FirstRow] = Math.Round(stand.Stand.Age.TotalSeconds, 3),
            };
            return MeasuredStand.With(run.Result(startedAt, values), stand.Sampler.Use(), events: 0, stand.Sampler.Timeline);
        }, cancellation);
}
