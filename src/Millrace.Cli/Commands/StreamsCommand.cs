using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Definition;
using Millrace.Streams.Infer;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace streams new NAME</c>: a definition to fill in, for which no server is asked; <c>millrace streams infer TOPIC|FILE|-</c>: one
/// that records speak for.
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
        var source = new Argument<string?>("source")
        {
            HelpName = "TOPIC|FILE|-",
            Description = "A topic, or a file with a JSON object in each line; - for those on stdin.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "The stream's name: the file's or the topic's unless given, or records.",
        };
        var topic = new Option<string?>("--topic")
        {
            HelpName = "TOPIC",
            Description = "The Kafka topic: the one that was read, or called like the stream, unless given.",
        };
        var most = new Option<int>("--records")
        {
            HelpName = "N",
            Description = "Records of a topic that are looked at, the last ones.",
            DefaultValueFactory = _ => UsualRecords,
        };
        most.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > MostRecords)
                result.AddError($"'--records' takes a number from 1 to {MostRecords}.");
        });
        var command = new Command("infer", "Print the definition that records speak for, to look through.") { source, name, topic, most };
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var from = parsed.GetValue(source)
                ?? throw new CliException(
                    ExitCodes.Usage, $"infer takes a topic, or a file of records:  {Self.Command} streams infer TOPIC|FILE");
            var (givenName, givenTopic) = (parsed.GetValue(name), parsed.GetValue(topic));
            if (from != "-" && !File.Exists(from))
                return await InferTopicAsync(invocation, from, givenName, givenTopic, parsed.GetValue(most), cancellation);
            using var lines = from == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(from);
            var stream = givenName ?? Proposal.NameFor(Path.GetFileNameWithoutExtension(from));
            return Propose(stream, givenTopic ?? stream, SampleSource.OfLines(lines));
        });
        return options.Only(command, options.Kafka, options.Profile, options.Data, options.Streams);
    }

    const int UsualRecords = 10_000;

    /// <summary>They are in memory at once.</summary>
    const int MostRecords = 1_000_000;

    static async Task<int> InferTopicAsync(
        Invocation invocation, string topic, string? givenName, string? givenTopic, int most, CancellationToken cancellation)
    {
        if (!Proposal.CanBeTopic(topic)) throw new CliException(ExitCodes.Failed, $"there is no file {topic}");
        SampleSource? records;
        try
        {
            records = await ServerTrouble.ExplainAsync(
                invocation, () => SampleSource.OfTopicAsync(invocation.Endpoints(Servers.Kafka), topic, most, cancellation));
        }
        catch (CliException e)
        {
            throw new CliException(e.ExitCode, $"there is no file {topic}, and of a topic nobody knows: {e.Message}");
        }
        if (records is null)
        {
            throw new CliException(
                ExitCodes.Failed, $"there is neither a file nor a topic {topic}:  {Self.Command} topics  lists the topics");
        }
        return Propose(givenName ?? Proposal.NameFor(topic.Replace('.', '_').Replace('-', '_')), givenTopic ?? topic, records);
    }

    static int Propose(string name, string topic, SampleSource records)
    {
        Console.Out.Write(Proposal.From(name, topic, records, out var note));
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
