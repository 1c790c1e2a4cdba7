using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Stands;
using Millrace.Streams.Ddl;
using Millrace.Streams.Events;
using Millrace.Streams.Setup;

namespace Millrace.Bench.Scenarios;

/// <summary>
/// How fast ClickHouse empties a backlog: it stops reading (as <c>pause</c> does), events are made as fast as Kafka takes them, and it
/// reads on with the machine to itself and the broker. The rate is that from the first rows to the last: before them ClickHouse's consumers
/// join their group, which takes seconds whatever the backlog is.
/// </summary>
sealed class DrainScenario : BenchScenario
{
    /// <summary>For the time that is left: a slow machine's.</summary>
    const int ExpectedRate = 100_000;

    const string BacklogName = "backlog";

    public override string Name => "drain";

    public override string Description => "how fast a backlog of --backlog events becomes rows";

    public override IReadOnlyList<IReadOnlyDictionary<string, string>> Cases(BenchOptions options) =>
        [new Dictionary<string, string> { [BacklogName] = Text(options.Backlog) }];

    public override TimeSpan Expected(BenchOptions options) => AroundStand + TimeSpan.FromSeconds(2.0 * options.Backlog / ExpectedRate);

    public override Task<RunResult> RunAsync(ScenarioRun run, CancellationToken cancellation) =>
        run.MeasureAsync(new StandDemand(Emitter: null), (stand, stopping) => MeasureAsync(run, stand, stopping), cancellation);

    static async Task<RunResult> MeasureAsync(ScenarioRun run, MeasuredStand stand, CancellationToken cancellation)
    {
        var startedAt = run.Time.GetUtcNow();
        var backlog = int.Parse(run.Parameters[BacklogName], CultureInfo.InvariantCulture);
        run.Doing("makes the backlog");
        foreach (var stream in stand.Catalog.Streams)
            await StreamPause.PauseAsync(stand.Stand.Endpoints, stream, run.Time, cancellation).ConfigureAwait(false);
        var options = run.Stands.OptionsOf(run.Varied) with { MessagesPerSecond = 0, Events = backlog };
        var made = await Emitter.RunAsync(
            options, new EmitterRate(0), stand.Stand.Endpoints, stand.Catalog, acknowledged: null, _ => { }, NullLogger.Instance,
            run.Time, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        run.Doing("drains it");
        stand.Sampler.Begin();
        var started = run.Time.GetTimestamp();
        foreach (var stream in stand.Catalog.Streams)
            await StreamResume.RunAsync(
                stand.Stand.Endpoints, stand.Catalog, stream, NullLogger.Instance, run.Time, cancellation).ConfigureAwait(false);
        var atFirst = 0L;
        await stand.UntilAsync(
            async () => (atFirst = await stand.Rows.CountAsync(cancellation).ConfigureAwait(false)) > 0, "no row came", cancellation)
            .ConfigureAwait(false);
        var (firstRow, first) = (run.Time.GetElapsedTime(started).TotalSeconds, run.Time.GetTimestamp());
        await stand.SettleAsync(() => made.Acknowledged, cancellation).ConfigureAwait(false);
        var seconds = run.Time.GetElapsedTime(first).TotalSeconds;
        var uses = stand.Sampler.Use();
        var stored = await stand.Rows.CountAsync(cancellation).ConfigureAwait(false);
        if (stored < made.Acknowledged)
            throw new BenchFailedException($"only {stored} of {made.Acknowledged} events became rows, and no more came");
        var values = new Dictionary<string, double>
        {
            [Metric.FirstRow] = Math.Round(firstRow, 3),
            [Metric.Acknowledged] = made.Acknowledged,
            [Metric.Stored] = stored,
            [Metric.DeadLetters] = await stand.Rows.DeadLettersAsync(cancellation).ConfigureAwait(false),
        };
        if (stored > atFirst) values[Metric.DrainRate] = Math.Round((stored - atFirst) / seconds);
        var result = run.Result(startedAt, values) with
        {
            Notes = stored > atFirst ? [] : ["All rows came at once: a larger backlog has a rate."],
        };
        return MeasuredStand.With(result, uses, stored, stand.Sampler.Timeline);
    }
}
