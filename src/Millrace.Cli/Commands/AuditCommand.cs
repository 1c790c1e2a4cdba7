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
    static readonly Option<int?> Sample = new("--sample")
    {
        HelpName = "N",
        Description = "Compare N records taken at random with their rows, field by field, too.",
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int?>() is < 1 or > 100_000) result.AddError("--sample takes a number from 1 to 100,000.");
            },
        },
    };

    static readonly Option<int?> Seed = new("--seed")
    {
        HelpName = "N",
        Description = "Take the records that an earlier --sample took: the seed that it told.",
    };

    public static Command Create(GlobalOptions options)
    {
        var command = new Command("audit", "Compare every topic with its tables: nothing missing, nothing stored twice?");
        command.Options.Add(Sample);
        command.Options.Add(Seed);
        return ServerCommand.Asking(command, options, (invocation, parsed, cancellation) =>
            RunAsync(invocation, parsed.GetValue(Sample), parsed.GetValue(Seed), cancellation));
    }

    /// <param name="sample">null: no record is looked at.</param>
    static async Task<int> RunAsync(Invocation invocation, int? sample, int? seed, CancellationToken cancellation)
    {
        if (seed is not null && sample is null)
            throw new CliException(ExitCodes.Usage, "--seed is of --sample N: say how many records to take.");
        var (endpoints, catalog) = (invocation.Endpoints(Servers.Both), invocation.Catalog);
        var report = await StandAudit.RunAsync(endpoints, catalog, cancellation);
        if (sample is { } records)
        {
            var chosenBy = seed ?? Random.Shared.Next();
            report = report with { Sample = await SampleCheck.RunAsync(endpoints, catalog, records, chosenBy, cancellation) };
        }
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.AuditReport);
        else Terminal.Write(ToTable(report));
        foreach (var sentence in AuditSentences.Of(report, Self.Command)) Terminal.Note(sentence);
        if (report.Sample is { } compared) foreach (var sentence in AuditSentences.Of(compared)) Terminal.Note(sentence);
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
