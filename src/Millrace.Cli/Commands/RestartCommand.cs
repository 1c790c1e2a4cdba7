using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace restart [service]</c>: returns when the service is ready again.</summary>
static class RestartCommand
{
    public static Command Create(GlobalOptions options)
    {
        var service = ServiceArgument.Create();
        var command = new Command("restart", "Restart one service, or all of them in order.") { service };
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var stand = invocation.RequireStand();
            var changes = new ChangePrinter(invocation.Output, ServiceState.Running, ServiceState.Finished, ServiceState.Failed);
            await ControlClient.AskAsync(invocation.Paths, stand, new ControlRequest(ControlRequest.Restart, parsed.GetValue(service)), changes.Show, cancellation);
            return ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }
}
