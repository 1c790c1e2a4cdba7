using System.CommandLine;
using System.Globalization;
using Millrace.Bench;
using Millrace.Bench.Options;
using Millrace.Bench.Reports;
using Millrace.Bench.Results;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Services;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace bench SCENARIO...</c>: measures stands of its own. It asks no server of anybody's.</summary>
sealed class BenchCommand
{
    /// <summary>
    /// Settings of the emitter that may be varied. How fast it goes is a scenario's own business, and bad events are no rows.
    /// </summary>
    static readonly string[] Varied = ["acks", "batch-size", "linger-ms", "compression"];

    readonly GlobalOptions _globals;
    readonly BenchFlags _flags = new(
        Varied, [ServiceNames.Broker, ServiceNames.ClickHouse, ServiceNames.Emitter]);

    // Its lack is told in a sentence of ours, with the names that there are.
    readonly Argument<string[]> _scenarios = new("scenario")
    {
        HelpName = "SCENARIO",
        Arity = ArgumentArity.ZeroOrMore,
        Description = string.Join("; ", BenchSession.Scenarios.Select(scenario => $"{scenario.Name}: {scenario.Description}")) + ".",
    };

    readonly Option<string?> _out = new("--out")
    {
        HelpName = "DIR",
        Description = "The folder of the results: results.json, results.md, report.html. Unless given: bench- with the time, here.",
    };

    BenchCommand(GlobalOptions globals) => _globals = globals;

    public static Command Create(GlobalOptions globals) => new BenchCommand(globals).Create();

    Command Create()
    {
        const string description = "Measure this machine: latency, highest rate, drain, start-up, recovery, in stands of its own.";
        var command = new Command("bench", description) { _scenarios, _out, BenchCompareCommand.Create(_globals) };
        _flags.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return _globals.Only(command, _globals.Streams, _globals.Output);
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var invocation = Invocation.From(parsed, _globals);
        var names = parsed.GetValue(_scenarios) ?? [];
        if (names.Length == 0)
            throw new BenchRefusedException(
                $"bench takes what is to be measured: {string.Join(", ", BenchSession.Scenarios.Select(scenario => scenario.Name))}");
        var options = _flags.Parse(parsed);
        foreach (var variant in options.Variants) EmitterFlags.OptionsOf(variant);
        var session = new BenchSession(
            new BenchStands(invocation.Paths.Streams), names, options, Versions(), Emitter(), TimeProvider.System);
        var folder = ReportFolder.Open(parsed.GetValue(_out) ?? DefaultFolder());
        var isDone = false;
        try
        {
            await Interruption.RunAsync(
                stop => BenchView.ShowAsync(invocation.Output, async progress =>
                {
                    await session.RunAsync(progress, () => folder.Write(session.Results), stop);
                    return true;
                }),
                cancellation);
            isDone = true;
        }
        finally
        {
            // Each run left its results there.
            if (!isDone && session.Results.Measurements.Count > 0) Terminal.Note($"Stopped: what was measured before is in {folder.Path}.");
        }
        if (invocation.Output == OutputFormat.Json) Console.Out.WriteLine(BenchJson.Line(session.Results));
        else Console.Out.Write(ReportFolder.Text(session.Results));
        Terminal.Note($"With plots: {Path.Combine(folder.Path, "report.html")}");
        return ExitCodes.Success;
    }

    static IReadOnlyDictionary<string, string> Emitter() =>
        EmitterFlags.Defaults().Where(setting => Varied.Contains(setting.Key)).ToDictionary();

    static VersionFacts Versions()
    {
        var versions = VersionReport.Current();
        return new VersionFacts(versions.Millrace, versions.Dotnet, versions.Librdkafka, versions.Libchdb);
    }

    static string DefaultFolder() =>
        string.Create(CultureInfo.InvariantCulture, $"bench-{TimeProvider.System.GetUtcNow().UtcDateTime:yyyyMMdd-HHmmss}");
}
