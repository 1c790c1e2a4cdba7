using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams.Events;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace rate [N]</c>: the running emitter makes N events a second from now on, through restarts of it, until the stand ends.
/// </summary>
static class RateCommand
{
    public static Command Create(GlobalOptions options)
    {
        // Its faults are told in a sentence of ours, with what it may be.
        var rate = new Argument<string?>("rate")
        {
            HelpName = "N",
            Description = "Events a second, all streams together; 0: as many as Kafka takes. Without it, say what it is.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var shares = new ShareOptions();
        var command = new Command("rate", "Change how many events a second the emitter makes, and how many of them are bad.") { rate };
        shares.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var request = new ControlRequest(ControlRequest.Rate)
            {
                EventsPerSecond = Parse(parsed.GetValue(rate)),
                Shares = shares.Parse(parsed),
            };
            var stand = invocation.RequireStand();
            var answer = await ControlClient.AskAsync(invocation.Paths, stand, request, static _ => { }, cancellation);
            Show(answer, invocation.Output);
            return ExitCodes.Success;
        });
        return options.Only(command, options.Data, options.Output);
    }

    /// <exception cref="CliException">It is no rate.</exception>
    internal static int? Parse(string? text)
    {
        if (text is null) return null;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate);
        return isNumber && rate <= EmitterOptions.HighestRate ? rate : throw new CliException(
            ExitCodes.Usage,
            string.Create(
                CultureInfo.InvariantCulture,
                $"rate takes a whole number of events a second from 0 (as many as Kafka takes) to {EmitterOptions.HighestRate}, "
                + $"not '{text}'"));
    }

    static void Show(ControlAnswer answer, OutputFormat output)
    {
        if (answer.Is is not { } now) return; // The supervisor of an older millrace says no more than that it is done.
        var report = new RateReport(answer.Was, now);
        if (output == OutputFormat.Json) Terminal.WriteJson(report, OutputJson.Default.RateReport);
        else Console.Out.WriteLine(report.Sentence);
    }
}
