using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace ddl</c>: the statements that setup would run now, as a script. Changes nothing.</summary>
static class DdlCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("ddl", "Print what setup would change in ClickHouse, and change nothing.");
        return ServerCommand.Asking(command, options, (invocation, _, cancellation) => RunAsync(invocation, cancellation));
    }

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        // Kafka is not asked, and stands in the queue tables: a guess would be planned as a change.
        var endpoints = invocation.Endpoints(Servers.Both);
        using var client = new ClickHouseClient(endpoints);
        var plan = await DdlPlan.ComputeAsync(client, invocation.Catalog, endpoints, cancellation);
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(plan.Statements, OutputJson.Default.IReadOnlyListDdlStatement);
        else Console.Out.Write(plan);
        foreach (var surprise in StreamSurprises.Of(invocation.Catalog)) Terminal.Note($"Note: {surprise}.");
        if (plan.IsEmpty) Terminal.Note("Nothing to do: ClickHouse holds what the definitions say.");
        return ExitCodes.Success;
    }
}
