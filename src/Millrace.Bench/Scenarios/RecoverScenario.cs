using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Kafka;

namespace Millrace.Bench.Scenarios;

/// <summary>
/// How soon a stand is well again after <c>kill -9</c> of a service at a rate: the first row of an event that was due after the kill, and
/// the lag as low as before.
/// </summary>
sealed class RecoverScenario : BenchScenario
{
    const string ServiceName = "kill";

    /// <summary>In looks, ten a second: the highest lag of them is what is usual.</summary>
    const int UsualLooks = 20;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>About how long a stand takes whose ClickHouse was killed.</summary>
    static readonly TimeSpan ExpectedRecovery = TimeSpan.FromSeconds(8);

    public override string Name => "recover";

    public override string Description => "how soon rows come again after kill -9 of each service";

    public override IReadOnlyList<IReadOnlyDictionary<string, string>> Cases(BenchOptions options) =>
    [
        .. EachRate(options).SelectMany(rate =>
            options.Kill.Select(service => new Dictionary<string, string>(rate) { [ServiceName] = service })),
    ];

    public override TimeSpan Expected(BenchOptions options) => AroundStand + options.WarmUp + ExpectedRecovery;

    public override Task<RunResult> RunAsync(ScenarioRun run, CancellationToken cancellation) =>
        run.MeasureAsync(run.Demand(run.Rate), (stand, stopping) => MeasureAsync(run, stand, stopping), cancellation);

    static async Task<RunResult> MeasureAsync(ScenarioRun run, MeasuredStand stand, CancellationToken cancellation)
    {
        var startedAt = run.Time.GetUtcNow();
        var service = run.Parameters[ServiceName];
        var first = await stand.FirstDueAsync(cancellation).ConfigureAwait(false);
        await stand.UntilAsync(first + (long)run.Options.WarmUp.TotalMilliseconds, cancellation).ConfigureAwait(false);
        using var kafka = new KafkaAdmin(stand.Stand.Endpoints, TimeSpan.FromSeconds(1));
        var usual = 0L;
        for (var i = 0; i < UsualLooks; i++)
        {
            usual = Math.Max(usual, await LagAsync(kafka, stand, cancellation).ConfigureAwait(false) ?? 0);
            await Task.Delay(Pause, run.Time, cancellation).ConfigureAwait(false);
        }
        run.Doing($"kills {service}");
        stand.Sampler.Begin();
        var killed = run.Time.GetTimestamp();
        await stand.Stand.KillAsync(service, cancellation).ConfigureAwait(false);
        // What was due before may have got in.
        var killedAt = stand.Now;
        await stand.UntilAsync(() => HasRowSinceAsync(stand, killedAt, cancellation), "no new row came", cancellation)
            .ConfigureAwait(false);
        var firstRow = run.Time.GetElapsedTime(killed).TotalSeconds;
        await stand.UntilAsync(
            async () => await LagAsync(kafka, stand, cancellation).ConfigureAwait(false) is { } lag && lag <= usual,
            "the lag did not become what it was", cancellation).ConfigureAwait(false);
        var values = new Dictionary<string, double>
        {
            [Metric.FirstRow] = Math.Round(firstRow, 2),
            [Metric.CaughtUp] = Math.Round(run.Time.GetElapsedTime(killed).TotalSeconds, 2),
        };
        var result = run.Result(startedAt, values) with
        {
            Latency = await stand.Rows.OverTimeAsync(first, cancellation).ConfigureAwait(false),
            Notes = [$"Lag was up to {usual} records before the kill."],
        };
        return MeasuredStand.With(result, stand.Sampler.Use(), events: 0, stand.Sampler.Timeline);
    }

    static async Task<bool> HasRowSinceAsync(MeasuredStand stand, long moment, CancellationToken cancellation)
    {
        try { return await stand.Rows.CountDueSinceAsync(moment, cancellation).ConfigureAwait(false) > 0; }
        catch (ClickHouseTroubleException) { return false; }
    }

    /// <returns>null while Kafka does not answer.</returns>
    static async Task<long?> LagAsync(KafkaAdmin kafka, MeasuredStand stand, CancellationToken cancellation)
    {
        try
        {
            string[] topics = [.. stand.Catalog.Streams.Select(stream => stream.Topic)];
            var partitions = await kafka.PartitionsOfAsync(topics, cancellation).ConfigureAwait(false);
            var ends = await kafka.Offsets.LogEndsAsync(partitions).ConfigureAwait(false);
            var committed = await kafka.Offsets.CommittedAsync(stand.Stand.Endpoints.Identity.Group, partitions).ConfigureAwait(false);
            return partitions.Sum(partition => ends[partition] - committed.GetValueOrDefault(partition));
        }
        catch (KafkaUnavailableException)
        {
            return null;
        }
    }
}
