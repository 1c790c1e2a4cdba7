using System.Globalization;
using Millrace.Bench.Results;

namespace Millrace.Bench.Reports;

/// <summary>Where, what and how was measured, in lines for people.</summary>
static class ReportFacts
{
    public static string Title(BenchResults results) =>
        string.Create(CultureInfo.InvariantCulture, $"Millrace bench, {results.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

    public static IReadOnlyList<(string Name, string Text)> Of(BenchResults results)
    {
        var (machine, versions, settings) = (results.Machine, results.Versions, results.Settings);
        var memory = machine.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB") : "unknown";
        return
        [
            ("machine",
                $"{machine.Cpu ?? "unknown processor"}, {machine.Cores} cores, {memory} memory, {machine.System}, "
                + $"kernel {machine.Kernel ?? "unknown"}"),
            ("versions",
                $"millrace {versions.Millrace}, libchdb {versions.Libchdb ?? "unknown"}, {versions.Dotnet}, "
                + $"librdkafka {versions.Librdkafka}"),
            ("emitter", string.Join(", ", settings.Emitter.Select(setting => $"{setting.Key} {setting.Value}"))),
            ("streams", string.Join(", ", settings.Streams)),
            ("how", string.Create(CultureInfo.InvariantCulture,
                $"warm-up {settings.WarmUpSeconds:0.###} s, measured {settings.DurationSeconds:0.###} s, "
                + $"hold {settings.HoldSeconds:0.###} s, p99 limit {settings.P99LimitMs:0} ms, {settings.Repeat} run(s) each; "
                + $"median, and smallest to largest")),
            .. results.IsComplete ? [] : new[] { ("incomplete", "it was stopped before all was measured") },
        ];
    }

    /// <summary>What runs have to say, each with whose it is.</summary>
    public static IReadOnlyList<string> Notes(BenchResults results) =>
    [
        .. results.Measurements.SelectMany(measurement => measurement.Runs.SelectMany(run => run.Notes.Select(note =>
            $"{measurement.Title}{(measurement.Runs.Count > 1 ? $", run {run.Number}" : "")}: {note}"))),
    ];
}
