using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Logs;
using Millrace.Cli.Output;
using Millrace.Cli.Services;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace logs [service]</c>: what the services said, in the order of time; with -f what they go on to say. Works while the stand is
/// down too.
/// </summary>
static class LogsCommand
{
    static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(100);

    public static Command Create(GlobalOptions options, StandParts parts)
    {
        var service = ServiceArgument.Create(parts);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on printing until Ctrl-C." };
        var tail = new Option<int?>("--tail", "-n") { HelpName = "N", Description = "The last N lines only." };
        tail.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 0) result.AddError("--tail takes a number of lines, 0 or more.");
        });
        var command = new Command("logs", "Print the logs of one service, or of all.") { service, follow, tail };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var output = new StreamWriter(Terminal.OpenStdout()) { AutoFlush = true };
            var one = parsed.GetValue(service);
            var printer = new LogPrinter(output, Invocation.From(parsed, options), one is null ? parts.Names : [one]);
            printer.PrintTail(parsed.GetValue(tail) ?? int.MaxValue);
            if (parsed.GetValue(follow)) await printer.FollowAsync(FollowPause, cancellation);
            return ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }

    /// <summary>Prints the logs that were asked for. One per command.</summary>
    sealed class LogPrinter(TextWriter output, Invocation invocation, IReadOnlyList<string> services)
    {
        readonly List<LogReader> _readers = [.. services.Select(name => new LogReader(name, invocation.Paths.LogOf(name)))];

        public void PrintTail(int count)
        {
            foreach (var line in _readers.SelectMany(reader => reader.Tail(count)).OrderBy(line => line.Time).TakeLast(count)) Print(line);
        }

        public async Task FollowAsync(TimeSpan pause, CancellationToken cancellation)
        {
            while (true)
            {
                foreach (var line in _readers.SelectMany(reader => reader.ReadNew()).OrderBy(line => line.Time)) Print(line);
                await Task.Delay(pause, cancellation);
            }
        }

        static string TimeOf(LogLine line) => line.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

        void Print(LogLine line)
        {
            if (invocation.Output == OutputFormat.Json) output.WriteLine(JsonSerializer.Serialize(line, OutputJson.Default.LogLine));
            else output.WriteLine($"{TimeOf(line)} {(services.Count > 1 ? $"{line.Service,-10} " : "")}{line.Line}");
        }
    }
}
