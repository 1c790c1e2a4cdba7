using System.CommandLine;
using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Letters;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace dead-letters export</c>: takes those that wait into a file, a line of JSON each, or into a topic.</summary>
static class LetterExportCommand
{
    public static Command Create(GlobalOptions options)
    {
        var letters = new LetterOptions();
        // Its lack is told in a sentence of ours.
        var file = new Argument<string?>("file")
        {
            HelpName = "FILE|-",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A new file for a line of JSON each; - for stdout.",
        };
        var topic = new Option<string?>("--topic")
        {
            HelpName = "NAME",
            Description = "A topic for the records as they were, with headers millrace-topic, -partition, -offset, -timestamp and -reason.",
        };
        var command = new Command("export", "Copy the dead letters that wait into a file or a topic.") { file, topic };
        letters.AddTo(command);
        return ServerCommand.Asking(command, options, async (invocation, parsed, cancellation) =>
        {
            var (stream, filter) = (letters.StreamOf(parsed), letters.FilterOf(parsed));
            var done = (parsed.GetValue(file), parsed.GetValue(topic)) switch
            {
                ({ } path, null) => new LettersDone(await ToFileAsync(invocation, stream, filter, path, cancellation), path),
                (null, { } name) => new LettersDone(
                    await LetterExport.ToTopicAsync(
                        invocation.Endpoints(Servers.Both), invocation.Catalog, stream, filter, name, cancellation), name),
                _ => throw new CliException(
                    ExitCodes.Usage, $"export takes a file or a topic:  {Self.Command} dead-letters export FILE  or  --topic NAME"),
            };
            if (done.Target == "-") return ExitCodes.Success;
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(done, OutputJson.Default.LettersDone);
            else Console.Out.WriteLine($"{Humanize.Count(done.Letters)} dead letters are in {done.Target}; they wait on.");
            return ExitCodes.Success;
        });
    }

    static async Task<long> ToFileAsync(
        Invocation invocation, string? stream, LetterFilter filter, string path, CancellationToken cancellation)
    {
        var endpoints = invocation.Endpoints(Servers.ClickHouse);
        if (path != "-") return await Interruption.RunAsync(stop => NewFile.WriteAsync(path, file => WriteAsync(file, stop)), cancellation);
        await using var output = Terminal.OpenStdout();
        return await WriteAsync(output, cancellation);

        async Task<long> WriteAsync(Stream output, CancellationToken stop)
        {
            await using var buffered = new BufferedStream(output, 1 << 16);
            return await LetterExport.RunAsync(endpoints, invocation.Catalog, stream, filter, letter =>
            {
                JsonSerializer.Serialize(buffered, LetterReport.Of(letter), OutputJson.Readable.LetterReport);
                buffered.WriteByte((byte)'\n');
            }, stop);
        }
    }
}
