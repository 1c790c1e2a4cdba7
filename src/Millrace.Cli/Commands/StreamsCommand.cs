using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Definition;
using Millrace.Streams.Infer;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace streams new NAME</c>: a definition to fill in; <c>millrace streams infer FILE</c>: one that records speak for. They ask no
/// server.
/// </summary>
static class StreamsCommand
{
    public static Command Create(GlobalOptions options) =>
        new("streams", "Write stream definitions.") { CreateNew(options), CreateInfer(options) };

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

    static Command CreateInfer(GlobalOptions options)
    {
        // Its lack is told in a sentence of ours.
        var file = new Argument<string?>("file")
        {
            HelpName = "FILE|-",
            Description = "Records, a JSON object in each line; - for those on stdin.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "The stream's name: the file's unless given, or records.",
        };
        var topic = new Option<string?>("--topic")
        {
            HelpName = "TOPIC",
            Description = "The Kafka topic: called like the stream unless given.",
        };
        var command = new Command("infer", "Print the definition that records speak for, to look through.") { file, name, topic };
        command.SetAction(parsed => Infer(parsed.GetValue(file), parsed.GetValue(name), parsed.GetValue(topic)));
        return options.Only(command);
    }

    static int Infer(string? file, string? givenName, string? topic)
    {
        if (file is null) throw new CliException(ExitCodes.Usage, $"infer takes a file of records:  {Self.Command} streams infer FILE");
        if (file != "-" && !File.Exists(file)) throw new CliException(ExitCodes.Failed, $"there is no file {file}");
        using var records = file == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(file);
        var name = givenName ?? Proposal.NameFor(Path.GetFileNameWithoutExtension(file));
        Console.Out.Write(Proposal.From(name, topic ?? name, records, out var note));
        if (note is not null) Terminal.Note(note);
        return ExitCodes.Success;
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
