using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Stands;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Bench.Scenarios;

/// <summary>A stand, and what a scenario asks it. Owns its client and sampler.</summary>
sealed class MeasuredStand : IAsyncDisposable
{
    /// <summary>For what a stand does in seconds: one that has not by then never does.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    readonly ClickHouseClient _client;
    readonly TimeProvider _time;

    public MeasuredStand(IBenchStand stand, StreamCatalog catalog, Action tick, TimeProvider time)
    {
        (Stand, Catalog, _time) = (stand, catalog, time);
        _client = new ClickHouseClient(stand.Endpoints);
        Rows = new StoredRows(_client, catalog);
        Sampler = new StandSampler(stand, tick);
    }

    public IBenchStand Stand { get; }

    public StreamCatalog Catalog { get; }

    public StoredRows Rows { get; }

    public StandSampler Sampler { get; }

    /// <summary>Milliseconds of Unix time.</summary>
    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask DisposeAsync()
    {
        await Sampler.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    /// <summary>Returns when the first row is there.</summary>
    /// <returns>When its event was due, in milliseconds of Unix time.</returns>
    /// <exception cref="BenchFailedException">None came.</exception>
    public async Task<long> FirstDueAsync(CancellationToken cancellation)
    {
        long? first = null;
        await UntilAsync(
            async () => (first = await Rows.FirstDueAsync(cancellation).ConfigureAwait(false)) is not null, "no row came", cancellation)
            .ConfigureAwait(false);
        return first!.Value;
    }

    public async Task UntilAsync(long moment, CancellationToken cancellation)
    {
        var left = TimeSpan.FromMilliseconds(moment - Now);
        if (left > TimeSpan.Zero) await Task.Delay(left, _time, cancellation).ConfigureAwait(false);
    }

    /// <param name="otherwise">What is to be said where it never holds: "no row came".</param>
    /// <exception cref="BenchFailedException">It does not hold in time.</exception>
    public async Task UntilAsync(Func<Task<bool>> holds, string otherwise, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (!await holds().ConfigureAwait(false))
        {
            if (_time.GetElapsedTime(started) > Limit) throw new BenchFailedException($"{otherwise} within {Limit.TotalMinutes:0} minutes");
            await Task.Delay(Pause, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until as many rows are there as events were acknowledged, or none has come for a while.</summary>
    /// <param name="acknowledged">null while that is not known yet.</param>
    public async Task SettleAsync(Func<long?> acknowledged, CancellationToken cancellation)
    {
        var (stored, grew) = (0L, _time.GetTimestamp());
        while (_time.GetElapsedTime(grew) < Limit)
        {
            var now = await Rows.CountAsync(cancellation).ConfigureAwait(false);
            if (acknowledged() is { } wanted && now >= wanted) return;
            if (now > stored) (stored, grew) = (now, _time.GetTimestamp());
            await Task.Delay(Pause, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Adds what the processes used to what else was measured.</summary>
    /// <param name="events">For how many events; at least one for a figure for each.</param>
    public static RunResult With(RunResult result, IReadOnlyList<ProcessUse> uses, long events, IReadOnlyList<TimelinePoint> timeline)
    {
        var peak = Math.Round(uses.Sum(use => use.PeakRssBytes) / 1e6, 1);
        var values = new Dictionary<string, double>(result.Values) { [Metric.PeakRss] = peak };
        if (events > 0) values[Metric.CpuPerEvent] = Math.Round(uses.Sum(use => use.CpuSeconds) * 1e6 / events, 2);
        return result with
        {
            Values = values,
            Timeline = timeline,
            Processes =
            [
                .. uses.Select(use => use with { CpuUsPerEvent = events > 0 ? Math.Round(use.CpuSeconds * 1e6 / events, 2) : null }),
            ],
        };
    }
}
