using System.CommandLine;
using Millrace.Cli.CommandLine;

namespace Millrace.Cli.Commands;

/// <summary>A command that asks both servers: it says which stand's, and where they are.</summary>
static class ServerCommand
{
    /// <summary>Gives a command these options, and what it does. What keeps a server from answering is told as the supervisor knows it.</summary>
    /// <returns>The command.</returns>
    public static Command Asking(
        Command command, GlobalOptions options, Func<Invocation, ParseResult, CancellationToken, Task<int>> run)
    {
        options.Identity.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            return await ServerTrouble.ExplainAsync(invocation, () => run(invocation, parsed, cancellation));
        });
        return options.Only(command, options.Kafka, options.ClickHouse, options.Profile, options.Data, options.Streams, options.Output);
    }
}
