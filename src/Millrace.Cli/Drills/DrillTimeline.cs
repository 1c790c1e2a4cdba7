using Millrace.Bench.Results;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;
using Millrace.Streams.Status;

namespace Millrace.Cli.Drills;

/// <summary>What a stand was like each second of a drill, and what was done to it. One drill, one timeline; any thread may mark.</summary>
sealed class DrillTimeline(StandPaths paths, TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly DateTimeOffset _began = time.GetUtcNow();
    readonly List<TimelinePoint> _points = []; // of the one that watches
    readonly List<RunMark> _marks = []; // under its own lock

    public void Mark(DrillEvent seen)
    {
        if (seen.Kind == DrillEvent.Plan) return;
        lock (_marks) _marks.Add(new RunMark(Since(seen.Time), seen.Text));
    }

    /// <summary>Looks each second until it is told to end. A stand that gives no answer leaves a gap.</summary>
    public async Task WatchAsync(DrillLoad load, CancellationToken ended)
    {
        var state = new StateFile(paths.State);
        var (acknowledged, at) = (0L, time.GetUtcNow());
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var seen = state.ReadLive() is { } stand ? await ControlClient.StatusAsync(paths, stand, CancellationToken.None) : null;
            var (count, now) = (load.Acknowledged.Snapshot().Sum(partition => partition.Records), time.GetUtcNow());
            var own = (count - acknowledged) / Math.Max((now - at).TotalSeconds, 0.001);
            (acknowledged, at) = (count, now);
            _points.Add(PointOf(Since(now), own, seen));
        }
    }

    /// <summary>Once nobody watches any more.</summary>
    public RunResult ResultOf(DrillVerdict verdict)
    {
        lock (_marks)
        {
            return new RunResult(1, verdict.Started, verdict.Seconds, new Dictionary<string, double>())
            {
                Timeline = _points,
                Marks = [.. _marks],
            };
        }
    }

    /// <param name="own">What Kafka acknowledged to the drill; what it acknowledged to the stand's emitter comes to it.</param>
    static TimelinePoint PointOf(double seconds, double own, StatusDocument? seen)
    {
        var produced = Math.Round(own + (seen?.Emitter?.AcknowledgedPerSecond ?? 0), 1);
        var streams = seen?.Flow?.Streams;
        var rows = streams?.Aggregate((double?)0, (sum, stream) => sum + stream.RowsPerSecond);
        var lag = streams?.Aggregate((long?)0, (sum, stream) => sum + stream.Lag);
        return new TimelinePoint(seconds, produced, rows, lag, new Dictionary<string, double>());
    }

    double Since(DateTimeOffset moment) => Math.Round((moment - _began).TotalSeconds, 2);
}
