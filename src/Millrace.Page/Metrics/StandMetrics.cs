using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Millrace.Meters;
using Millrace.Page.Stand;

namespace Millrace.Page.Metrics;

/// <summary>
/// What all services of the stand measure, as instruments of this process: OpenTelemetry's exporters find it by <see cref="MeterName"/>.
/// A series tells its service by <c>service.name</c>, and is there as long as the service runs, but for those that say whether it does.
/// </summary>
/// <remarks>Any thread may read the instruments. <see cref="RefreshAsync"/> may be called by any, and does one after the other.</remarks>
sealed partial class StandMetrics : IDisposable
{
    /// <summary>Not one of those that <see cref="MeterCollector"/> takes for a service's own.</summary>
    public const string MeterName = "millrace";

    /// <summary>Services measure themselves once a second: what is younger than half of it is as good as new.</summary>
    static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Older values are left out, whatever keeps newer ones away: a backend would take them for those of now. A server that hangs for some
    /// seconds makes no gap.
    /// </summary>
    static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(10);

    readonly PageStand _stand;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly MeterCollector _own;
    readonly Meter _meter = new(MeterName);
    readonly SemaphoreSlim _oneAtATime = new(1);
    readonly HashSet<string> _known = [];
    volatile Refreshed? _last; // null before the first

    public StandMetrics(PageStand stand, TimeProvider time, ILogger log) =>
        (_stand, _time, _log, _own) = (stand, time, log, new MeterCollector(time));

    TimeSpan Age => _last is { } last ? _time.GetElapsedTime(last.At) : TimeSpan.MaxValue;

    /// <summary>Asks the supervisor for the readings of the other services, and takes those of this one.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Age < FreshFor) return;
            var readings = (await ReadAsync(cancellation).ConfigureAwait(false)).ToLookup(reading => reading.Reading.Name);
            var series = readings.ToDictionary(
                named => named.Key, named => named.Select(one => MeasurementOf(one.Service, one.Reading)).ToArray());
            _last = new(_time.GetTimestamp(), series);
            foreach (var named in readings)
                if (_known.Add(named.Key)) Publish(named.First().Reading);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// Refreshes each second, for an exporter that looks by a clock of its own, until <paramref name="stopping"/> is set. What fails is
    /// logged, and tried again.
    /// </summary>
    public async Task KeepFreshAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        string? failed = null;
        try
        {
            do failed = await TryRefreshAsync(failed, stopping).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The page ends.
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _own.Dispose();
        _oneAtATime.Dispose();
    }

    /// <param name="before">What the time before failed with: nobody wants it in the log each second.</param>
    /// <returns>What this one failed with; null when it did not.</returns>
    async Task<string?> TryRefreshAsync(string? before, CancellationToken stopping)
    {
        try
        {
            await RefreshAsync(stopping).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            if (e.Message != before) NotRefreshed(_log, e);
            return e.Message;
        }
    }

    static Measurement<double> MeasurementOf(string service, MeterReading reading)
    {
        List<KeyValuePair<string, object?>> tags = [new("service.name", service)];
        if (reading.Tags is { } own) tags.AddRange(own.Select(tag => new KeyValuePair<string, object?>(tag.Key, tag.Value)));
        return new(reading.Value, tags);
    }

    async Task<IEnumerable<(string Service, MeterReading Reading)>> ReadAsync(CancellationToken cancellation)
    {
        List<ServiceReadings> all = [new("page", _own.Read())];
        if (_stand.Supervisor is { } supervisor) all.AddRange(await supervisor.ReadMetersAsync(cancellation).ConfigureAwait(false));
        if (_stand.Hub.Last is { } document)
            all.AddRange(StatusReadings.Of(document, _stand.Endpoints.Identity.Group, since: _time.GetUtcNow() - OldAfter));
        return all.SelectMany(of => of.Readings.Select(reading => (of.Service, reading)));
    }

    void Publish(MeterReading first)
    {
        var name = first.Name;
        IEnumerable<Measurement<double>> Last() => Age < OldAfter ? _last?.Series.GetValueOrDefault(name) ?? [] : [];
        _ = first.Kind switch
        {
            MeterKind.Counter => (Instrument)_meter.CreateObservableCounter(name, Last, first.Unit, first.Description),
            MeterKind.UpDownCounter => _meter.CreateObservableUpDownCounter(name, Last, first.Unit, first.Description),
            _ => _meter.CreateObservableGauge(name, Last, first.Unit, first.Description),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The metrics were not refreshed; the next second tries again")]
    static partial void NotRefreshed(ILogger log, Exception exception);

    /// <summary>What was read, by the names of instruments.</summary>
    /// <param name="At">A timestamp of the clock.</param>
    sealed record Refreshed(long At, Dictionary<string, Measurement<double>[]> Series);
}
