using System.CommandLine;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace version</c>.</summary>
static class VersionCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("version", "Print the versions of what the stand is made of.");
        command.SetAction(parsed => Console.WriteLine(Self.Version));
        return command;
    }
}
