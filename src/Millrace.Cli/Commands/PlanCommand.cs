using System.CommandLine;
using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace plan</c>: what <c>apply</c> would do, and what each step costs. Changes nothing.</summary>
sealed class PlanCommand
{
    readonly GlobalOptions _globals;
    readonly Option<string[]> _allow = AllowOption.Create();

    PlanCommand(GlobalOptions globals) => _globals = globals;

    public static Command Create(GlobalOptions globals) => new PlanCommand(globals).Create();

    Command Create()
    {
        const string description = "Say what apply would do, and what it costs. Exit code 2 when there is something to do.";
        var command = new Command("plan", description) { _allow };
        _globals.Prints(command, "sql");
        return ServerCommand.Asking(command, _globals, RunAsync);
    }

    async Task<int> RunAsync(Invocation invocation, ParseResult parsed, CancellationToken cancellation)
    {
        var plan = await EditPlanner.PlanAsync(invocation, cancellation);
        var allowed = AllowOption.Read(parsed, _allow, plan.Operations);
        plan.Print(invocation.Output);
        foreach (var surprise in StreamSurprises.Of(invocation.Catalog)) Terminal.Note($"Note: {surprise}.");
        foreach (var refused in allowed.Missing(plan.Operations))
            Terminal.Note($"apply does this only with --allow {refused.Needs}.");
        if (!plan.IsEmpty) return ExitCodes.SomethingToDo;
        Terminal.Note("Nothing to do: everything goes by these definitions.");
        return ExitCodes.Success;
    }
}
