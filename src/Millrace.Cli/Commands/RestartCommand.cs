using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Services;
using Millrace.Cli.Supervision;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace restart [service]</c>: returns when the service is ready again.</summary>
static class RestartCommand
{
    public static Command Create(GlobalOptions options, StandParts parts)
    {
        var service = ServiceArgument.Create(parts);
        var command = new Command("restart", "Restart one service, or all of them in order.") { service };
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var stand = invocation.RequireStand();
            TellOfOlderEmitter(invocation, stand, parsed.GetValue(service));
            var changes = new ChangePrinter(invocation.Output, ServiceState.Running, ServiceState.Finished, ServiceState.Failed);
            var request = new ControlRequest(ControlRequest.Restart, parsed.GetValue(service));
            await ControlClient.AskAsync(invocation.Paths, stand, request, changes.Show, cancellation);
            return ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }

    /// <summary>Setup alone would ask of records what the emitter, as it runs, does not make.</summary>
    static void TellOfOlderEmitter(Invocation invocation, StandState stand, string? service)
    {
        if (service != ServiceNames.Setup) return;
        var emitter = stand.Services.FirstOrDefault(one => one.Name == ServiceNames.Emitter);
        if (emitter?.Definitions is not { } known || FingerprintOf(invocation) is not { } now || known == now) return;
        Terminal.Note(
            $"The emitter goes by older definitions than those in {stand.Streams}, which setup takes: "
            + $"{Self.Command} apply  does both in the right order.");
    }

    /// <returns>null for definitions with a mistake, of which setup itself will speak.</returns>
    static string? FingerprintOf(Invocation invocation)
    {
        try { return invocation.Catalog.Fingerprint; }
        catch (StreamDefinitionException) { return null; }
    }
}
