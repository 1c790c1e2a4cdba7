using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Replay;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace replay STREAM</c>: reads records from the stream's topic once more, and makes rows of those that its table, or another one,
/// lacks.
/// </summary>
static class ReplayCommand
{
    public static Command Create(GlobalOptions options)
    {
        // Its lack is told in a sentence of ours, with the names that there are.
        var stream = new Argument<string?>("stream")
        {
            HelpName = "STREAM",
            Description = "A stream, or its topic.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var replay = new ReplayOptions();
        const string description = "Read a stream's records from its topic once more: those whose rows are missing become rows, each once.";
        var command = new Command("replay", description) { stream };
        replay.AddTo(command);
        return ServerCommand.Asking(command, options, async (invocation, parsed, cancellation) =>
        {
            var found = PauseCommand.Find(invocation.Catalog, parsed.GetValue(stream), "replay");
            var order = replay.OrderOf(parsed);
            var endpoints = invocation.Endpoints(Servers.Both);
            try
            {
                var view = new ReplayView(TimeProvider.System);
                var report = await Interruption.RunAsync(
                    stop => view.ShowAsync(invocation.Output, progress => StreamReplay.RunAsync(
                        endpoints, invocation.Catalog, found, order, progress, TimeProvider.System, stop)),
                    cancellation);
                if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Readable.ReplayReport);
                else Show(report);
                return ExitCodes.Success;
            }
            catch (OperationCanceledException) when (!order.IsDry)
            {
                Terminal.Note("Stopped: the rows that were added stay, and the same command goes on from there.");
                throw;
            }
        });
    }

    static void Show(ReplayReport report)
    {
        Terminal.Write(ToTable(report));
        if (report.Reasons.Count > 0) Terminal.Write(Reasons(report));
        foreach (var partition in report.Partitions.Where(partition => partition.IsCut))
            Terminal.Note(
                $"Retention has taken what partition {partition.Partition} had before offset {partition.LogStart}: it can't be replayed.");
        if (report.Ahead > 0)
            Terminal.Note($"{Humanize.Count(report.Ahead)} are beyond what {report.Stream} has read: it stores them itself.");
        if (report.Refused + report.DeadLetters > 0 && !report.DryRun)
            Terminal.Note($"Why records are refused:  {Self.Command} replay {report.Stream} --dry-run  with what you gave.");
    }

    internal static AnswerTable ToTable(ReplayReport report)
    {
        var table = Terminal.Table(
                "STREAM", "TABLE", "READ>", report.DryRun ? "WOULD ADD>" : "ADDED>", "STORED>", "REFUSED>", "NEW DEAD LETTERS>", "DROPPED>",
                "EMPTY>", "AHEAD>")
            .Dropping("EMPTY", "DROPPED", "READ", "AHEAD");
        table.AddRow(
            Markup.Escape(report.Stream), Markup.Escape(report.Table), Humanize.Count(report.Records), Humanize.Count(report.Added),
            Humanize.Count(report.Stored), Humanize.Count(report.Refused), Humanize.Count(report.DeadLetters),
            Humanize.Count(report.Dropped), Humanize.Count(report.Empty), Humanize.Count(report.Ahead));
        return table;
    }

    static AnswerTable Reasons(ReplayReport report)
    {
        var table = Terminal.Table("REFUSED>", "REASON NOW");
        foreach (var reason in report.Reasons) table.AddRow(Humanize.Count(reason.Letters), Markup.Escape(reason.Reason));
        return table;
    }
}
