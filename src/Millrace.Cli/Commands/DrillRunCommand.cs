using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Drills;
using Millrace.Cli.Services;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace drill run FILE</c>: several drills of a file, under one load, each with a verdict and all with one.</summary>
static class DrillRunCommand
{
    public static Command Create(GlobalOptions options, StandParts parts)
    {
        // Its lack is told in a sentence of ours.
        var file = new Argument<string?>("file")
        {
            HelpName = "FILE",
            Description = "A YAML file with the drills, one after the other.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (reckless, report) = (DrillCommand.Reckless(), DrillCommand.Report());
        var command = new Command("run", "Do several drills of a file, under one load.") { file, reckless, report };
        command.SetAction((parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var path = parsed.GetValue(file)
                ?? throw new CliException(ExitCodes.Usage, "drill run takes a file with drills, such as  drill run week.yaml");
            var plan = DrillFile.Load(path, parts.Names);
            return DrillCommand.RunAsync(invocation, plan, parsed.GetValue(reckless), parsed.GetValue(report), cancellation);
        });
        return options.Only(command, options.Data, options.Streams, options.Output);
    }
}
