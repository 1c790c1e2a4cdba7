using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Explain;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace explain TOPIC PARTITION OFFSET</c>: what is this record, and what became of it? Reads only; exit code 1 when it is missing.
/// </summary>
static class ExplainCommand
{
    public static Command Create(GlobalOptions options)
    {
        var topic = Argument<string?>("topic", "A topic of a stream, or the stream.");
        var partition = Argument<int?>("partition", "From 0.");
        var offset = Argument<long?>("offset", "From 0.");
        const string description = "Show a record, what becomes of each field, and where it is: row, dead letter, missing...";
        var command = new Command("explain", description) { topic, partition, offset };
        options.Identity.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            if (parsed.GetValue(topic) is not { } name || parsed.GetValue(partition) is not { } number || parsed.GetValue(offset) is not { } at)
                throw new CliException(ExitCodes.Usage, $"explain takes a topic, a partition and an offset, as in  {Self.Command} explain orders 0 41");
            return await ServerTrouble.ExplainAsync(invocation, () => RunAsync(invocation, name, number, at, cancellation));
        });
        return options.Only(command, options.Kafka, options.ClickHouse, options.Profile, options.Data, options.Streams, options.Output);
    }

    /// <summary>Its lack is told in a sentence of ours, which names all three.</summary>
    static Argument<T> Argument<T>(string name, string description) =>
        new(name) { HelpName = name.ToUpperInvariant(), Description = description, Arity = ArgumentArity.ZeroOrOne };

    static async Task<int> RunAsync(Invocation invocation, string topic, int partition, long offset, CancellationToken cancellation)
    {
        var stream = invocation.Catalog.FindTopic(topic)
            ?? throw new CliException(
                ExitCodes.Usage, $"no stream reads {topic}: there are {string.Join(", ", invocation.Catalog.Streams.Select(stream => stream.Topic))}");
        var explained = await RecordExplainer.RunAsync(invocation.Endpoints(Servers.Both), stream, partition, offset, cancellation)
            ?? throw new CliException(
                ExitCodes.Usage, $"{stream.Topic} has no partition {partition.ToString(CultureInfo.InvariantCulture)}: see  {Self.Command} topics");
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(explained, OutputJson.Default.RecordExplanation);
        else Terminal.Write(Render(explained));
        return explained.IsWell ? ExitCodes.Success : ExitCodes.Failed;
    }

    internal static IRenderable Render(RecordExplanation explained)
    {
        List<IRenderable> lines = [new Text(explained.Sentence)];
        if (explained.Record is { } record) lines.AddRange([Text.Empty, Record(record)]);
        if (explained.Columns.Count > 0) lines.AddRange([Text.Empty, Columns(explained.Columns)]);
        return new Rows(lines);
    }

    static AnswerTable Record(FoundRecord record)
    {
        var table = Terminal.Table("RECORD", "");
        table.AddRow("timestamp", record.Time?.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture) ?? "none");
        table.AddRow("key", Markup.Escape(record.Key ?? "none"));
        foreach (var header in record.Headers) table.AddRow(Markup.Escape($"header {header.Name}"), Markup.Escape(header.Value ?? "none"));
        table.AddRow("value", Markup.Escape(record.Value ?? "none"));
        table.AddRow("bytes", Humanize.Count(record.ValueBytes));
        return table;
    }

    static AnswerTable Columns(IReadOnlyList<ColumnVerdict> columns)
    {
        var table = Terminal.Table("COLUMN", "TYPE", "FIELD", "VALUE", "VERDICT");
        foreach (var column in columns)
            table.AddRow(
                Markup.Escape(column.Column), Markup.Escape(column.Type), Markup.Escape(column.Field ?? ""),
                Markup.Escape(column.Value ?? "NULL"), Markup.Escape(column.Error ?? "well"));
        return table;
    }
}
