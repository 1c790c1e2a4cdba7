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
        var a = new Argument<string>("a") { HelpName = "A.json", Description = "results.json of before." };
        var b = new Argument<string>("b") { HelpName = "B.json", Description = "results.json of after." };
        const string description = "Say what differs between two results beyond their spread. Exit code 1 when something is worse.";
        var command = new Command("compare", description) { a, b };
        command.SetAction(parsed =>
        {
            var comparison = Comparison.Of(Comparison.Read(parsed.GetRequiredValue(a)), Comparison.Read(parsed.GetRequiredValue(b)));
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
