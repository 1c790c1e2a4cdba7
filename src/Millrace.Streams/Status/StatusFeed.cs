using System.Globalization;
using Millrace.Streams.Events;

namespace Millrace.Streams.Status;

/// <summary>Who a <see cref="StatusFeed"/> asks about the stand. Any thread may ask.</summary>
public interface IStandFacts
{
    /// <summary>Another value than before: what <see cref="Open"/> goes by may have changed. null: it is not time to look yet.</summary>
    object? Definitions { get; }

    /// <summary>In the order in which they start; empty where no supervisor of ours knows.</summary>
    IReadOnlyList<ServiceFacts> Services { get; }

    /// <summary>null where nobody knows.</summary>
    EmitterSummary? Emitter { get; }

    /// <returns>What somebody marked since the last call.</returns>
    IReadOnlyList<StandEvent> TakeMarks() => [];

    /// <summary>A reader of the two servers, by the definitions as they are now; the caller disposes of it.</summary>
    /// <exception cref="Exception">They can't be used: the message says why.</exception>
    StandStatusReader Open();
}

/// <summary>Looks at the stand once a second, whoever watches, and publishes what it sees.</summary>
public sealed class StatusFeed
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly StatusHub _hub;
    readonly IStandFacts _stand;
    readonly TimeProvider _time;
    readonly string _name;

    /// <summary>By topic, as it was when it was last known.</summary>
    readonly Dictionary<string, bool> _paused = [];

    StatusDocument? _before;
    string? _trouble;

    public StatusFeed(StatusHub hub, IStandFacts stand, TimeProvider time)
    {
        (_hub, _stand, _time) = (hub, stand, time);
        // No two feeds of one stand begin in the same millisecond.
        _name = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Ends, without an exception, when <paramref name="stopping"/> is set. What can't be read, as definitions with a mistake in them, is
    /// told and tried again.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _trouble = e.Message;
                Publish(null);
                await Task.Delay(Pause, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Returns when the definitions may be others, and what a stream waited for may be done.</summary>
    async Task ReadAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Pause, _time);
        while (_stand.Definitions is null)
        {
            Publish(null);
            await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        var definitions = _stand.Definitions;
        using var reader = _stand.Open();
        do
        {
            var reading = reader.ReadAsync(stopping);
            await ShowServicesMeanwhileAsync(reading, stopping).ConfigureAwait(false);
            var flow = await reading.ConfigureAwait(false);
            _trouble = null;
            Publish(flow);
        }
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false) && Equals(_stand.Definitions, definitions));
    }

    /// <summary>A server that hangs for some seconds hides nothing of the services: what flows is told as it was.</summary>
    async Task ShowServicesMeanwhileAsync(Task reading, CancellationToken stopping)
    {
        while (await Task.WhenAny(reading, Task.Delay(Pause, _time, stopping)).ConfigureAwait(false) != reading)
        {
            if (stopping.IsCancellationRequested) return;
            Publish(_before?.Flow);
        }
    }

    void Publish(StandStatus? flow)
    {
        var now = _time.GetUtcNow();
        var services = WithCores(_stand.Services, now);
        _before = new StatusDocument(
            _name, (_before?.Number ?? 0) + 1, now, _trouble, flow, _stand.Emitter, services,
            [.. _stand.TakeMarks(), .. StandEvents.Between(_before, services, flow, _paused, now)]);
        foreach (var stream in flow?.Streams ?? [])
            if (stream.Paused is { } isPaused) _paused[stream.Topic] = isPaused;
        _hub.Publish(_before);
    }

    IReadOnlyList<ServiceFacts> WithCores(IReadOnlyList<ServiceFacts> services, DateTimeOffset now)
    {
        if (_before is not { } before || now <= before.Time) return services;
        var seconds = (now - before.Time).TotalSeconds;
        return [.. services.Select(service => before.Services.FirstOrDefault(old => old.Name == service.Name) is { } last
            && last.Pid is not null && last.Pid == service.Pid
                // Of a process that has just died, 0.
                && last.CpuSeconds <= service.CpuSeconds
                ? service with { Cores = Math.Round((service.CpuSeconds - last.CpuSeconds) / seconds, 3) }
                : service)];
    }
}
