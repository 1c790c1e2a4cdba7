using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Audit;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace audit</c>: is every partition read, and every record that was read stored exactly once? Reads only; exit code 1 when not.
/// </summary>
static class AuditCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("audit", "Compare every topic with its tables: nothing missing, nothing stored twice?");
        return ServerCommand.Asking(command, options, (invocation, _, cancellation) => RunAsync(invocation, cancellation));
    }

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var report = await StandAudit.RunAsync(invocation.Endpoints(Servers.Both), invocation.Catalog, cancellation);
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.AuditReport);
        else Terminal.Write(ToTable(report));
        foreach (var sentence in AuditSentences.Of(report, Self.Command)) Terminal.Note(sentence);
        foreach (var sentence in AuditSentences.Paused(report, Self.Command)) Terminal.Note(sentence);
        return report.HasTrouble ? ExitCodes.Failed : ExitCodes.Success;
    }

    /// <summary>With the columns DROPPED and GONE only where something is.</summary>
    internal static AnswerTable ToTable(AuditReport report)
    {
        var hasGone = report.Topics.Any(topic => topic.Partitions.Any(partition => partition.Gone > 0));
        var hasDropped = report.Topics.Any(topic => topic.Partitions.Any(partition => partition.DroppedLetters > 0));
        string[] some = [.. hasDropped ? ["DROPPED>"] : Array.Empty<string>(), .. hasGone ? ["GONE>"] : Array.Empty<string>()];
        var table = Terminal.Table(
                ["TOPIC", "PARTITION>", "RECORDS>", "READ>", "LAG>", "ROWS>", "DEAD LETTERS>", .. some, "MISSING>", "TWICE>"])
            .Dropping("DROPPED", "RECORDS", "READ", "DEAD LETTERS", "ROWS", "LAG");
        foreach (var topic in report.Topics)
            foreach (var partition in topic.Partitions)
            {
                string[] dropped = hasDropped ? [Humanize.Count(partition.DroppedLetters)] : [];
                string[] gone = hasGone ? [Bad(partition.Gone)] : [];
                table.AddRow([.. Known(topic, partition), .. dropped, .. gone, Bad(partition.Missing), Bad(partition.StoredTwice)]);
            }
        return table;
    }

    static string[] Known(TopicAudit topic, PartitionAudit partition) =>
    [
        Markup.Escape(topic.Topic),
        partition.Partition.ToString(CultureInfo.InvariantCulture),
        partition.Records is null && partition.Error is not null ? "[red]offline[/]" : Count(partition.Records),
        partition.CommittedOffset is { } committed ? Humanize.Count(committed) : partition.Error is null ? "none" : "-",
        Count(partition.NotYetRead),
        Humanize.Count(partition.Rows),
        Humanize.Count(partition.DeadLetters),
    ];

    static string Count(long? count) => count is { } known ? Humanize.Count(known) : "-";

    static string Bad(long count) => count == 0 ? "0" : $"[red]{Humanize.Count(count)}[/]";
}
