using Millrace.Cli.Basics;
using Millrace.Streams.Replay;

namespace Millrace.Cli.Output;

/// <summary>How fast a replay is, and how long it will take. For one thread.</summary>
sealed class ReplayPace(TimeProvider time)
{
    readonly long _started = time.GetTimestamp();

    /// <summary>"orders: 45 % of 3,000,000 offsets, 41,200 records/s, 1 min left; 12,345 rows are added".</summary>
    public string Sentence(ReplayProgress progress)
    {
        var share = progress.Total == 0 ? 100 : 100 * progress.Done / progress.Total;
        return $"{progress.SoFar.Stream}: {share} % of {Humanize.Count(progress.Total)} offsets, {Rate(progress)}, {Left(progress)} left; "
            + Rows(progress.SoFar);
    }

    public string Rate(ReplayProgress progress) =>
        $"{Humanize.Count((long)(progress.SoFar.Records / Math.Max(Elapsed.TotalSeconds, 0.001)))} records/s";

    public static string Rows(ReplayReport report) =>
        $"{Humanize.Count(report.Added)} rows {(report.DryRun ? "would be added" : "are added")}";

    string Left(ReplayProgress progress) => progress.Done == 0
        ? "unknown time"
        : Humanize.Duration(Elapsed * ((double)(progress.Total - progress.Done) / progress.Done));

    TimeSpan Elapsed => time.GetElapsedTime(_started);
}
