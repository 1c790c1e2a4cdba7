using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.Output;
using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;
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
        options.Identity.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            return await ServerTrouble.ExplainAsync(invocation, () => RunAsync(invocation, cancellation));
        });
        return options.Only(command, options.Kafka, options.ClickHouse, options.Profile, options.Data, options.Streams, options.Output);
    }

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var report = await StandAudit.RunAsync(invocation.Endpoints(Servers.Both), invocation.Catalog, cancellation);
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.AuditReport);
        else Terminal.Write(ToTable(report));
        foreach (var sentence in Troubles(report)) Terminal.Note(sentence);
        return report.HasTrouble ? ExitCodes.Failed : ExitCodes.Success;
    }

    /// <summary>What is wrong, in sentences: first what the table shows too, then what it has no column for.</summary>
    internal static IEnumerable<string> Troubles(AuditReport report)
    {
        if (report.Topics.Any(topic => topic.Partitions.Any(partition => partition.Missing > 0 || partition.StoredTwice > 0)))
            yield return "Records are missing or stored twice: the columns MISSING and TWICE say where, --output json which offsets.";
        foreach (var topic in report.Topics)
        {
            var unread = topic.Partitions.Where(partition => partition.ReadByNobody).Select(partition => partition.Partition).ToList();
            if (unread.Count > 0)
                yield return $"Nobody reads {topic.Topic}, {PartitionList.Of(unread)}: " +
                    $"restart ClickHouse ({Self.Command} restart clickhouse, in compose: docker compose restart clickhouse-server), " +
                    $"and if that does not help, see whether the queue table of stream {topic.Stream} is there.";
        }
        foreach (var topic in report.Topics)
            foreach (var partition in topic.Partitions)
                if (partition.StoredBeyondLogEnd is { } offset)
                    yield return string.Create(CultureInfo.InvariantCulture,
                        $"Offset {offset} of {topic.Topic}, partition {partition.Partition}, is stored, but the topic ends at {partition.LogEndOffset}: it was made anew or lost its end in a power failure. Start the stand again: its setup says what to do.");
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
