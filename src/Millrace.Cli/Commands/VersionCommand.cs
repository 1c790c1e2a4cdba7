using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace version</c>: of everything the stand is made of, for bug reports.</summary>
static class VersionCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("version", "Print the versions of what the stand is made of.");
        command.SetAction(parsed =>
        {
            var report = VersionReport.Current();
            if (Invocation.From(parsed, options).Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.VersionReport);
            else foreach (var line in report.Lines) Console.Out.WriteLine(line);
            return ExitCodes.Success;
        });
        return options.Only(command, options.Output);
    }
}
