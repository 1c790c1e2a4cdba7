using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace ps</c>: the services of the stand as they are now, and which streams wait.</summary>
static class PsCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("ps", "List the services of the stand.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var stand = invocation.Stand;
            var status = stand is null ? null : await ControlClient.StatusAsync(invocation.Paths, stand, cancellation);
            var report = StandReport.Of(invocation.Paths, stand, TimeProvider.System.GetUtcNow()) with
            {
                Emitter = status?.Emitter,
                Paused = [.. (status?.Flow?.Streams ?? []).Where(stream => stream.Paused is true).Select(stream => stream.Stream)],
            };
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.StandReport);
            else if (stand is not null) Terminal.Write(report.ToTable());
            else Terminal.Note(invocation.NoStand);
            if (invocation.Output != OutputFormat.Json && report.Emitter is { } emitter) Console.WriteLine(FlowTable.Line(emitter));
            foreach (var stream in report.Troubles) Terminal.Note(stream.Trouble);
            if (status?.Flow is { } flow) foreach (var sentence in FlowTable.Paused(flow)) Terminal.Note(sentence);
            return stand is null ? ExitCodes.NotRunning : ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }
}
