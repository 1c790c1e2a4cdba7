using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Explain;
using Millrace.Streams.Letters;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace dead-letters</c>: which records became no row, why, and what is to become of them.</summary>
static class DeadLettersCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command(
            "dead-letters", "List the records that became no row, by what is wrong; send them again, export or drop them.")
        {
            CreateList(options),
            CreateShow(options),
            LetterRetryCommand.Create(options),
            LetterExportCommand.Create(options),
            LetterDropCommand.Create(options),
        };
        return WithList(command, options);
    }

    static Command CreateList(GlobalOptions options) => WithList(new Command("list", "The same as without a word."), options);

    static Command WithList(Command command, GlobalOptions options)
    {
        var letters = new LetterOptions();
        letters.AddTo(command);
        return ServerCommand.Asking(command, options, async (invocation, parsed, cancellation) =>
        {
            var kinds = await LetterList.ReadAsync(
                invocation.Endpoints(Servers.ClickHouse), invocation.Catalog, letters.StreamOf(parsed), letters.FilterOf(parsed),
                cancellation);
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(kinds, OutputJson.Readable.IReadOnlyListLetterKind);
            else if (kinds.Count == 0) Console.Out.WriteLine("No dead letters.");
            else Terminal.Write(ToTable(kinds));
            return ExitCodes.Success;
        });
    }

    internal static AnswerTable ToTable(IReadOnlyList<LetterKind> kinds)
    {
        var table = Terminal.Table("STREAM", "WAITING>", "RETRIED>", "DROPPED>", "COLUMNS", "REASON", "FIRST", "LAST", "SAMPLE")
            .Dropping("FIRST", "COLUMNS", "DROPPED", "LAST", "SAMPLE", "RETRIED");
        foreach (var kind in kinds)
            table.AddRow(
                Markup.Escape(kind.Stream ?? $"({kind.Topic})"), Humanize.Count(kind.Waiting), Humanize.Count(kind.Retried),
                Humanize.Count(kind.Dropped), Markup.Escape(kind.Columns.Count == 0 ? "-" : string.Join(", ", kind.Columns)),
                Markup.Escape(kind.Reason), At(kind.First), At(kind.Last), Markup.Escape(kind.Samples.Count > 0 ? kind.Samples[0].Id : ""));
        return table;
    }

    static Command CreateShow(GlobalOptions options)
    {
        // Its lack is told in a sentence of ours.
        var name = new Argument<string?>("id")
        {
            HelpName = "ID",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "TOPIC/PARTITION/OFFSET, as the list has it.",
        };
        const string description = "Show all of one dead letter: its record, key and headers, why, what became of it.";
        return ServerCommand.Asking(new Command("show", description) { name }, options,
            async (invocation, parsed, cancellation) =>
            {
                var text = parsed.GetValue(name);
                var id = text is null ? null : LetterId.Parse(text);
                if (id is null)
                    throw new CliException(
                        ExitCodes.Usage,
                        $"show takes TOPIC/PARTITION/OFFSET, as in  {Self.Command} dead-letters show orders/0/41"
                            + (text is null ? "" : $", not '{text}'"));
                var letter = await LetterReader.FindAsync(invocation.Endpoints(Servers.ClickHouse), invocation.Catalog, id, cancellation)
                    ?? throw new CliException(
                        ExitCodes.Failed,
                        $"{id} is no dead letter: see what became of the record with  "
                            + $"{Self.Command} explain {id.Topic} {id.Partition} {id.Offset}");
                var report = LetterReport.Of(letter);
                if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Readable.LetterReport);
                else Terminal.Write(ToTable(report));
                return ExitCodes.Success;
            });
    }

    static IRenderable ToTable(LetterReport letter)
    {
        var table = Terminal.Table("DEAD LETTER", "");
        table.AddRow("id", Markup.Escape(letter.Id));
        table.AddRow("stream", Markup.Escape(letter.Stream ?? "none: its definition is gone"));
        table.AddRow("reason", Markup.Escape(RecordText.Escape(letter.Reason)));
        table.AddRow("columns", Markup.Escape(letter.FailedColumns.Count == 0 ? "-" : string.Join(", ", letter.FailedColumns)));
        table.AddRow("timestamp", At(letter.Timestamp));
        table.AddRow("inserted at", At(letter.InsertedAt));
        if (letter.RetriedAt is { } retried) table.AddRow("retried at", At(retried));
        if (letter.DroppedAt is { } dropped) table.AddRow("dropped at", At(dropped));
        table.AddRow("key", Markup.Escape(RecordText.Escape(letter.Key ?? Base64(letter.KeyBase64))));
        foreach (var header in letter.Headers)
            table.AddRow(
                Markup.Escape(RecordText.Escape($"header {header.Name}")),
                Markup.Escape(RecordText.Escape(header.Value ?? Base64(header.ValueBase64))));
        table.AddRow("value", Markup.Escape(RecordText.Escape(letter.Value ?? Base64(letter.ValueBase64))));
        return table;
    }

    static string Base64(string? text) => text is null ? "none" : $"base64 {text}";

    static string At(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
