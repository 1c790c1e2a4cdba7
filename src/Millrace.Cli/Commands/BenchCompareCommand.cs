using System.CommandLine;
using System.Globalization;
using Millrace.Bench.Comparing;
using Millrace.Bench.Reports;
using Millrace.Bench.Results;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace bench compare A.json B.json</c>: what differs between two results beyond their spread.</summary>
static class BenchCompareCommand
{
    public static Command Create(GlobalOptions globals)
    {
        // Their lack is told in a sentence of ours.
        var files = new Argument<string[]>("results")
        {
            HelpName = "A.json B.json",
            Arity = ArgumentArity.ZeroOrMore,
            Description = "results.json of before and of after.",
        };
        const string description = "Say what differs between two results beyond their spread. Exit code 1 when something is worse.";
        var command = new Command("compare", description) { files };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(files) is not [var a, var b])
                throw new CliException(ExitCodes.Usage, $"compare takes two files of results:  {Self.Command} bench compare A.json B.json");
            var comparison = Comparison.Of(Comparison.Read(a), Comparison.Read(b));
            if (parsed.GetValue(globals.Output) == OutputFormat.Json) Terminal.WriteJson(comparison, ComparisonJson.Default.Comparison);
            else Show(comparison);
            return comparison.AnyIsWorse ? ExitCodes.Failed : ExitCodes.Success;
        });
        return globals.Only(command, globals.Output);
    }

    static void Show(Comparison comparison)
    {
        if (comparison.Metrics.Count > 0)
        {
            var table = Terminal.Table("MEASUREMENT", "METRIC", "A>", "A FROM TO>", "B>", "B FROM TO>", "CHANGE>", "VERDICT")
                .Dropping("A FROM TO", "B FROM TO");
            foreach (var metric in comparison.Metrics)
                table.AddRow(
                    Markup.Escape(metric.Measurement), metric.Metric, Number(metric.A.Median), Spread(metric.A), Number(metric.B.Median),
                    Spread(metric.B), metric.Change is { } change ? change.ToString("+0.0 %;-0.0 %;0 %", CultureInfo.InvariantCulture) : "",
                    metric.Verdict);
            Terminal.Write(table);
        }
        foreach (var difference in comparison.Differences) Terminal.Note($"They differ in {difference}.");
        foreach (var title in comparison.OnlyInA) Terminal.Note($"Only A has {title}.");
        foreach (var title in comparison.OnlyInB) Terminal.Note($"Only B has {title}.");
    }

    static string Spread(Summary summary) => summary.Runs < 2 ? "" : $"{Number(summary.Min)} {Number(summary.Max)}";

    static string Number(double number) => ReportFolder.Number(number);
}
