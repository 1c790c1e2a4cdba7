using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Definition;
using Millrace.Streams.Letters;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace dead-letters retry</c>: makes rows of the dead letters that the definitions of now let pass, each once.</summary>
static class LetterRetryCommand
{
    public static Command Create(GlobalOptions options)
    {
        var letters = new LetterOptions();
        var limit = new Option<long?>("--limit")
        {
            HelpName = "N",
            Description = "Make rows of at most so many, of each stream.",
            Validators =
            {
                result =>
                {
                    if (result.GetValueOrDefault<long?>() is < 1) result.AddError("--limit takes a number from 1.");
                },
            },
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Change nothing: say how many would pass now, and why the others would not.",
        };
        const string description = "Send dead letters again: those that pass now become rows, once, whatever crashes.";
        var command = new Command("retry", description) { limit, dryRun };
        letters.AddTo(command);
        return ServerCommand.Asking(command, options, async (invocation, parsed, cancellation) =>
        {
            var (filter, most, isDry) = (letters.FilterOf(parsed), parsed.GetValue(limit), parsed.GetValue(dryRun));
            var endpoints = invocation.Endpoints(Servers.Both);
            var reports = await Interruption.RunAsync(async stop =>
            {
                List<RetryReport> done = [];
                foreach (var source in await RetrySource.FindAsync(endpoints, invocation.Catalog, letters.StreamOf(parsed), stop))
                    done.Add(isDry
                        ? await LetterRetry.ForecastAsync(endpoints, source, filter, most, stop)
                        : await LetterRetry.RunAsync(endpoints, source, filter, most, Tell, TimeProvider.System, stop));
                return done;
            }, cancellation);
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(reports, OutputJson.Default.IReadOnlyListRetryReport);
            else Show(reports, letters.Words(parsed));
            return ExitCodes.Success;
        });
    }

    /// <summary>Of a stream that was given another table of dead letters there are two.</summary>
    static string NameOf(RetryReport report, IReadOnlyList<RetryReport> all) =>
        Markup.Escape(all.Count(one => one.Stream == report.Stream) > 1 ? $"{report.Stream} ({report.DeadLetterTable})" : report.Stream);

    /// <summary>Somebody waits for millions of them.</summary>
    static void Tell(RetryReport soFar)
    {
        if (Terminal.IsInteractive && soFar.Letters > 500_000)
            Terminal.Note($"{soFar.Stream}: {Humanize.Count(soFar.Letters)} letters looked at, {Humanize.Count(soFar.Passed)} are rows.");
    }

    static void Show(IReadOnlyList<RetryReport> reports, string words)
    {
        var isDry = reports.Any(report => report.DryRun);
        var table = Terminal.Table("STREAM", "LETTERS>", isDry ? "WOULD PASS>" : "ROWS NOW>", "FAIL>", "AHEAD>", "UNTRIED>");
        foreach (var report in reports)
            table.AddRow(
                NameOf(report, reports), Humanize.Count(report.Letters), Humanize.Count(report.Passed), Humanize.Count(report.Failed),
                Humanize.Count(report.Ahead), Humanize.Count(report.Untried));
        Terminal.Write(table);
        if (reports.Any(report => report.Reasons.Count > 0)) Terminal.Write(Reasons(reports));
        foreach (var report in reports.Where(report => report.Ahead > 0))
            Terminal.Note(
                $"{Humanize.Count(report.Ahead)} of {report.Stream} wait until the group has committed what is before them: "
                    + "retry again then.");
        foreach (var report in reports.Where(report => report.HeadersUnknown > 0))
            Terminal.Note(
                $"{Humanize.Count(report.HeadersUnknown)} of {report.Stream} are not tried: a column reads a header, and they are of a "
                    + "version that kept none with a letter. The topic may have them:  "
                    + $"{Self.Command} replay {report.Stream} --from start");
        if (!isDry && reports.Any(report => report.Failed > 0))
            Terminal.Note($"Why the others fail now:  {Self.Command} dead-letters retry --dry-run{words}");
    }

    static AnswerTable Reasons(IReadOnlyList<RetryReport> reports)
    {
        var table = Terminal.Table("STREAM", "FAIL>", "REASON NOW");
        foreach (var report in reports)
            foreach (var reason in report.Reasons)
                table.AddRow(NameOf(report, reports), Humanize.Count(reason.Letters), Markup.Escape(reason.Reason));
        return table;
    }
}
