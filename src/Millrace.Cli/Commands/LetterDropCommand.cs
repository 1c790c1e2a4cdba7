using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Letters;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace dead-letters drop</c>: gives up those that wait: what they held is deleted, which records they were stays known.
/// </summary>
static class LetterDropCommand
{
    public static Command Create(GlobalOptions options)
    {
        var letters = new LetterOptions();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking." };
        var command = new Command("drop", "Give dead letters up: key, value and headers are deleted, place and reason stay.") { yes };
        letters.AddTo(command);
        return ServerCommand.Asking(command, options, async (invocation, parsed, cancellation) =>
        {
            var (stream, filter) = (letters.StreamOf(parsed), letters.FilterOf(parsed));
            var endpoints = invocation.Endpoints(Servers.ClickHouse);
            var drop = await LetterDrop.CountAsync(endpoints, invocation.Catalog, stream, filter, cancellation);
            if (drop.Letters > 0 && !parsed.GetValue(yes) && !IsConfirmed(drop.Letters, letters.Words(parsed))) return ExitCodes.Cancelled;
            var dropped = await Interruption.RunAsync(stop => drop.RunAsync(TimeProvider.System, stop), cancellation);
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(new LettersDone(dropped, null), OutputJson.Default.LettersDone);
            else Console.Out.WriteLine($"{Humanize.Count(dropped)} dead letters are dropped.");
            return ExitCodes.Success;
        });
    }

    /// <exception cref="CliException">There is nobody to ask.</exception>
    static bool IsConfirmed(long count, string words) => Terminal.Confirms(
        $"Delete what {Humanize.Count(count)} dead letters hold?",
        $"{Humanize.Count(count)} dead letters would be dropped, and there is no terminal to ask on: "
            + $"type  {Self.Command} dead-letters drop --yes{words}");
}
