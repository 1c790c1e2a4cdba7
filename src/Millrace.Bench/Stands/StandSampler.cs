using System.Diagnostics;
using Millrace.Bench.Results;

namespace Millrace.Bench.Stands;

/// <summary>
/// Looks at a stand each second, from its making to <see cref="DisposeAsync"/>: what it was like over time, and what its processes used
/// between two moments. Any thread may ask.
/// </summary>
sealed class StandSampler : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly IBenchStand _stand;
    readonly Action _tick;
    readonly CancellationTokenSource _ended = new();
    readonly long _started = Stopwatch.GetTimestamp();
    readonly List<TimelinePoint> _timeline = []; // under _lock, as all below
    readonly Dictionary<(string Name, int Pid), (double Begin, double Last, long Peak)> _processes = [];
    readonly Task _sampling;
    double _before;

    /// <param name="tick">Is called after each look.</param>
    public StandSampler(IBenchStand stand, Action tick)
    {
        (_stand, _tick) = (stand, tick);
        _sampling = SampleAsync();
    }

    public IReadOnlyList<TimelinePoint> Timeline { get { lock (_lock) return [.. _timeline]; } }

    /// <summary>What is used from now on counts.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            Take(_stand.Look().Processes);
            foreach (var (process, use) in _processes) _processes[process] = use with { Begin = use.Last };
        }
    }

    /// <summary>What was used since <see cref="Begin"/>, by service.</summary>
    public IReadOnlyList<ProcessUse> Use()
    {
        lock (_lock)
        {
            Take(_stand.Look().Processes);
            // One that went as soon as it was seen, as a setup does, left nothing to tell of it.
            return
            [
                .. _processes.Where(process => process.Value.Peak > 0)
                    .GroupBy(process => process.Key.Name, process => process.Value).Select(service => new ProcessUse(
                    service.Key, Math.Round(service.Sum(use => use.Last - use.Begin), 2), service.Max(use => use.Peak), null)),
            ];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _sampling.ConfigureAwait(false);
        _ended.Dispose();
    }

    async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (true)
            {
                Sample();
                _tick();
                await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }

    void Sample()
    {
        var look = _stand.Look();
        lock (_lock)
        {
            var now = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            var last = _processes.ToDictionary(process => process.Key, process => process.Value.Last);
            Take(look.Processes);
            var cores = look.Processes.Where(process => last.ContainsKey((process.Name, process.Pid))).ToDictionary(
                process => process.Name,
                process => Math.Round((process.CpuSeconds - last[(process.Name, process.Pid)]) / Math.Max(now - _before, 0.001), 3));
            _before = now;
            _timeline.Add(new TimelinePoint(
                Math.Round(now, 2), look.EmitterEnded ? 0 : look.Emitter?.AcknowledgedPerSecond, look.RowsPerSecond, look.Lag, cores));
        }
    }

    /// <remarks>Of a process that began after <see cref="Begin"/> all counts.</remarks>
    void Take(IReadOnlyList<ProcessLook> looks)
    {
        foreach (var process in looks)
        {
            var known = _processes.GetValueOrDefault((process.Name, process.Pid));
            _processes[(process.Name, process.Pid)] =
                (known.Begin, Math.Max(known.Last, process.CpuSeconds), Math.Max(known.Peak, process.PeakBytes));
        }
    }
}
