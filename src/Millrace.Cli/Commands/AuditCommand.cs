using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Output;
using Millrace.Streams.Audit;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace audit</c>: is every record that was read stored exactly once? Reads only; exit code 1 when something is missing or twice.</summary>
static class AuditCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("audit", "Compare every topic with its tables: nothing missing, nothing stored twice?");
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var report = await StandAudit.RunAsync(invocation.Endpoints, invocation.Catalog, cancellation);
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.AuditReport);
            else Terminal.Write(ToTable(report));
            if (report.HasTrouble) Terminal.Note("Records are missing or stored twice: the columns MISSING and TWICE say where, --output json which offsets.");
            return report.HasTrouble ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    internal static Table ToTable(AuditReport report)
    {
        var table = Terminal.Table("TOPIC", "PARTITION>", "RECORDS>", "READ>", "LAG>", "ROWS>", "DEAD LETTERS>", "MISSING>", "TWICE>");
        foreach (var topic in report.Topics)
            foreach (var partition in topic.Partitions)
                table.AddRow(Markup.Escape(topic.Topic), partition.Partition.ToString(CultureInfo.InvariantCulture), Humanize.Count(partition.Records),
                    partition.CommittedOffset is { } committed ? Humanize.Count(committed) : "none", Humanize.Count(partition.NotYetRead),
                    Humanize.Count(partition.Rows), Humanize.Count(partition.DeadLetters), Bad(partition.Missing), Bad(partition.StoredTwice));
        return table;
    }

    static string Bad(long count) => count == 0 ? "0" : $"[red]{Humanize.Count(count)}[/]";
}
