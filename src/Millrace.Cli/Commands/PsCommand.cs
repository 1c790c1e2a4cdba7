using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace ps</c>: the services of the stand as they are now, and which streams wait.</summary>
static class PsCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("ps", "List the services of the stand.");
        command.SetAction(parsed =>
        {
            var invocation = Invocation.From(parsed, options);
            var stand = invocation.Stand;
            var report = StandReport.Of(invocation.Paths, stand, TimeProvider.System.GetUtcNow());
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.StandReport);
            else if (stand is not null) Terminal.Write(report.ToTable());
            else Terminal.Note(invocation.NoStand);
            foreach (var stream in report.Troubles) Terminal.Note(stream.Trouble);
            return stand is null ? ExitCodes.NotRunning : ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }
}
