using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace pause STREAM</c> and <c>millrace resume STREAM</c>: ClickHouse stops reading the stream's topic, and goes on where its group
/// is. Both are done at once, by a client of ClickHouse, whoever runs it.
/// </summary>
static class PauseCommand
{
    /// <returns>false when there was nothing to do.</returns>
    delegate Task<bool> Change(StandEndpoints endpoints, StreamCatalog catalog, StreamDefinition stream, CancellationToken cancellation);

    public static Command CreatePause(GlobalOptions options) =>
        Create(
            options, "pause", "Let ClickHouse stop reading a stream: its records wait in the topic.", true,
            (endpoints, _, stream, cancellation) => StreamPause.PauseAsync(endpoints, stream, TimeProvider.System, cancellation));

    public static Command CreateResume(GlobalOptions options) =>
        Create(
            options, "resume", "Let ClickHouse go on reading a stream that was paused.", false,
            (endpoints, catalog, stream, cancellation) =>
                StreamResume.RunAsync(endpoints, catalog, stream, NullLogger.Instance, TimeProvider.System, cancellation));

    static Command Create(GlobalOptions options, string verb, string description, bool isPaused, Change change)
    {
        // Its lack is told in a sentence of ours, with the names that there are.
        var stream = new Argument<string?>("stream")
        {
            HelpName = "STREAM",
            Description = "A stream, or its topic.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(verb, description) { stream };
        options.Identity.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var found = Find(invocation.Catalog, parsed.GetValue(stream), verb);
            return await ServerTrouble.ExplainAsync(invocation, async () =>
            {
                var hasChanged = await change(invocation.Endpoints(Servers.Both), invocation.Catalog, found, cancellation);
                Show(new PauseReport(found.Name, found.Topic, isPaused, hasChanged), invocation.Output);
                return ExitCodes.Success;
            });
        });
        return options.Only(command, options.Kafka, options.ClickHouse, options.Profile, options.Data, options.Streams, options.Output);
    }

    /// <exception cref="CliException">No stream is called so.</exception>
    internal static StreamDefinition Find(StreamCatalog catalog, string? name, string verb)
    {
        var names = string.Join(", ", catalog.Streams.Select(stream => stream.Name));
        if (name is null) throw new CliException(ExitCodes.Usage, $"{verb} takes the name of a stream: there are {names}");
        return catalog.Find(name)
            ?? throw new CliException(ExitCodes.Usage, $"no stream is called {name}: there are {names}");
    }

    static void Show(PauseReport report, OutputFormat output)
    {
        if (output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.PauseReport);
        else Console.Out.WriteLine(report.Sentence);
    }
}
