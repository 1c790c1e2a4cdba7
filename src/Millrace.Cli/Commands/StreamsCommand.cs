using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace streams new NAME</c>: a definition to fill in. Asks no server.</summary>
static class StreamsCommand
{
    public static Command Create(GlobalOptions options) =>
        new("streams", "Write stream definitions.") { CreateNew(options) };

    static Command CreateNew(GlobalOptions options)
    {
        // Its lack is told in a sentence of ours.
        var name = new Argument<string?>("name")
        {
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The stream's name, and its file's: up to 64 letters, digits and _, beginning with a letter.",
        };
        var topic = new Option<string?>("--topic")
        {
            HelpName = "TOPIC",
            Description = "The Kafka topic: called like the stream unless given.",
        };
        var command = new Command("new", "Write the definition of a new stream, with comments, to fill in.") { name, topic };
        command.SetAction(parsed =>
        {
            var invocation = Invocation.From(parsed, options);
            var stream = parsed.GetValue(name)
                ?? throw new CliException(ExitCodes.Usage, $"new takes the name of the stream:  {Self.Command} streams new NAME");
            return Run(invocation, stream, parsed.GetValue(topic) ?? stream);
        });
        return options.Only(command, options.Data, options.Streams, options.Output);
    }

    static int Run(Invocation invocation, string name, string topic)
    {
        var file = NewStream.Write(invocation.StreamsFolder, name, topic);
        if (invocation.Output == OutputFormat.Json)
        {
            Terminal.WriteJson(new NewStreamReport(name, topic, file), OutputJson.Default.NewStreamReport);
            return ExitCodes.Success;
        }
        Console.Out.WriteLine(file);
        Terminal.Note($"Fill it in, then  {Self.Command} ddl  shows what ClickHouse would get; docs/STREAMS.md explains every field.");
        return ExitCodes.Success;
    }
}
