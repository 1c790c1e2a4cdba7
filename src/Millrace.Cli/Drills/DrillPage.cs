using System.Globalization;
using System.Text.Json;
using Millrace.Bench.Reports;
using Millrace.Bench.Results;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;

namespace Millrace.Cli.Drills;

/// <summary>What <c>--report</c> writes: the verdict, and what the stand was like over time, as bench draws it.</summary>
static class DrillPage
{
    public static string Of(DrillVerdict verdict, DrillTimeline timeline, string sentence)
    {
        var run = timeline.ResultOf(verdict);
        var report = new DrillReport(verdict, [new Measurement($"drill {verdict.Name}", new Dictionary<string, string>(), [run])]);
        var title = string.Create(CultureInfo.InvariantCulture, $"Millrace drill, {verdict.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        return HtmlPage.Of(
            title, [("drill", verdict.Name), ("verdict", sentence)], [Counts(verdict), Strikes(verdict)], verdict.Sentences,
            JsonSerializer.Serialize(report, OutputJson.Default.DrillReport));
    }

    static ReportTable Counts(DrillVerdict verdict) => new(
        "Events", ["acknowledged", "stored", "lost", "missing", "twice", "dead letters", "not acknowledged"],
        [
            [
                Count(verdict.Acknowledged), Count(verdict.Stored), Count(verdict.Lost), Count(verdict.Missing), Count(verdict.StoredTwice),
                Count(verdict.DeadLetters), Count(verdict.Failed),
            ],
        ]);

    static ReportTable Strikes(DrillVerdict verdict) => new(
        "Strikes", ["time, UTC", "what was done", "first row, s", "all read, s"],
        [
            .. verdict.Strikes.Select(strike => (IReadOnlyList<string>)
            [
                strike.Time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), strike.Text, Seconds(strike.FirstRowSeconds),
                Seconds(strike.RecoverySeconds),
            ]),
        ]);

    static string Count(long? count) => count is { } known ? Humanize.Count(known) : "-";

    static string Seconds(double? seconds) => seconds?.ToString("0.0", CultureInfo.InvariantCulture) ?? "not in time";
}
