using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace apply</c>: carries an edit of the definitions out in the order that makes no dead letters of what was valid: the emitter
/// stops, what the topics hold is read by the old definitions, setup runs, the emitter starts by the new ones.
/// </summary>
sealed class ApplyCommand
{
    readonly GlobalOptions _globals;
    readonly Option<string[]> _allow = AllowOption.Create();
    readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do it without asking." };

    ApplyCommand(GlobalOptions globals) => _globals = globals;

    public static Command Create(GlobalOptions globals) => new ApplyCommand(globals).Create();

    Command Create()
    {
        var command = new Command("apply", "Carry out an edit of the stream definitions: plan, setup, emitter.") { _yes, _allow };
        return ServerCommand.Asking(command, _globals, RunAsync);
    }

    async Task<int> RunAsync(Invocation invocation, ParseResult parsed, CancellationToken cancellation)
    {
        var endpoints = invocation.Endpoints(Servers.Both);
        var stand = EditPlanner.StandOf(invocation);
        if (stand is not null) RequireSame(invocation, stand, endpoints.Identity);
        // Read before anything is stopped: a mistake in a definition, or a refusal, leaves all as it is.
        var catalog = invocation.Catalog;
        var plan = await EditPlanner.PlanAsync(endpoints, catalog, stand, cancellation);
        var allowed = AllowOption.Read(parsed, _allow, plan.Operations);
        plan.Print(invocation.Output);
        foreach (var surprise in StreamSurprises.Of(catalog)) Terminal.Note($"Note: {surprise}.");
        if (plan.IsEmpty)
        {
            Terminal.Note("Nothing to do: everything goes by these definitions.");
            return ExitCodes.Success;
        }
        allowed.Require(plan.Operations);
        if (!parsed.GetValue(_yes) && !IsConfirmed()) return ExitCodes.Cancelled;
        if (stand is null) await StandSetup.RunAsync(endpoints, catalog, allowed, NullLogger.Instance, cancellation);
        else await AskAsync(invocation, stand, allowed, cancellation);
        Terminal.Note("Applied.");
        return ExitCodes.Success;
    }

    /// <summary>The stand's own setup goes by what <c>up</c> was told.</summary>
    static void RequireSame(Invocation invocation, StandState stand, StandIdentity identity)
    {
        if (invocation.NamesStreams && !IdentityOptions.IsSameFolder(invocation.Paths.Streams, stand.Streams))
            throw new CliException(ExitCodes.Usage,
                $"The stand on {invocation.Paths.Data} goes by {stand.Streams}: edit those, "
                + $"or stop it and start it with the others:  {Self.Command} down");
        if (stand.Identity is { } running && running != identity)
            throw new CliException(ExitCodes.Usage,
                $"The stand on {invocation.Paths.Data} is {running.Name} and reads in group {running.Group}: "
                + "leave out --stand and --group.");
    }

    static Task AskAsync(Invocation invocation, StandState stand, Allowances allowed, CancellationToken cancellation)
    {
        var changes = new ChangePrinter(
            invocation.Output, ServiceState.Stopped, ServiceState.Running, ServiceState.Finished, ServiceState.Failed);
        var request = new ControlRequest(ControlRequest.Apply) { Allow = allowed.Words };
        return ControlClient.AskAsync(invocation.Paths, stand, request, changes.Show, cancellation);
    }

    /// <exception cref="CliException">There is nobody to ask.</exception>
    static bool IsConfirmed() => Terminal.Confirms(
        "Apply this?", $"Nothing is changed, as there is no terminal to ask on: type  {Self.Command} apply --yes");
}
