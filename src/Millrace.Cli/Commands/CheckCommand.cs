using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Definition;
using Millrace.Streams.Samples;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace check FILE...</c>: lets records run through the definitions in a stand of its own, and says what became of each. It asks no
/// server of anybody's.
/// </summary>
sealed class CheckCommand
{
    readonly GlobalOptions _globals;

    // Its lack is told in a sentence of ours.
    readonly Argument<string[]> _files = new("file")
    {
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Stream definitions, or folders of them.",
    };

    readonly Option<string[]> _samples = new("--sample")
    {
        HelpName = "RECORDS",
        Description = "Records: YAML as docs/CHECK.md describes it; any other file, or - for stdin, has a record in each line; "
            + "repeatable. Unless given: NAME.samples.yaml and NAME.samples.ndjson beside each NAME.yaml.",
    };

    CheckCommand(GlobalOptions globals) => _globals = globals;

    public static Command Create(GlobalOptions globals) => new CheckCommand(globals).Create();

    Command Create()
    {
        const string description = "Let sample records run through stream definitions, in a stand of its own. Exit code 1 when one fails.";
        var command = new Command("check", description) { _files, _samples };
        _globals.Prints(command, "junit");
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(_files) ?? [], parsed.GetValue(_samples) ?? [], Invocation.From(parsed, _globals).Output));
        return _globals.Only(command, _globals.Output);
    }

    static async Task<int> RunAsync(string[] files, string[] sampleFiles, OutputFormat output)
    {
        if (files.Length == 0)
            throw new CliException(
                ExitCodes.Usage, $"check takes the files of stream definitions, or their folder:  {Self.Command} check FILE...");
        var catalog = StreamCatalog.LoadSome(files);
        var samples = Read(new SampleFiles(catalog), sampleFiles);
        var report = await ScratchStand.RunAsync(
            catalog.Streams.Count,
            (endpoints, stopping) => SampleRun.RunAsync(endpoints, catalog, samples, TimeProvider.System, stopping));
        Print(report, output);
        foreach (var surprise in StreamSurprises.Of(catalog)) Terminal.Note($"Note: {surprise}.");
        var silent = report.Streams.Where(stream => stream.Records == 0).Select(stream => stream.Stream).ToList();
        if (silent.Count > 0 && silent.Count < report.Streams.Count) Terminal.Note($"No record was checked of {string.Join(", ", silent)}.");
        return report.IsWell ? ExitCodes.Success : ExitCodes.Failed;
    }

    static IReadOnlyList<SampleRecord> Read(SampleFiles files, string[] named)
    {
        if (named.Length == 0) return files.Beside();
        if (named.Count(file => file == "-") > 1)
            throw new CliException(ExitCodes.Usage, "--sample - can be given once: stdin is read to its end.");
        using var input = Console.OpenStandardInput();
        return [.. named.SelectMany(file => files.Read(file, input))];
    }

    static void Print(CheckReport report, OutputFormat output)
    {
        switch (output)
        {
            case OutputFormat.Json:
                Terminal.WriteJson(report, OutputJson.Readable.CheckReport);
                break;
            case OutputFormat.JUnit:
                JUnitReport.Write(report, Console.Out);
                break;
            default:
                CheckTable.Write(report);
                break;
        }
    }
}
