using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Streams.Replay;

namespace Millrace.Cli.CommandLine;

/// <summary>Which records a replay means, and where they go.</summary>
sealed class ReplayOptions
{
    const string Start = "start";

    // Its lack is told in a sentence of ours.
    readonly Option<string?> _from = new("--from")
    {
        HelpName = "OFFSET|TIME|start",
        Description = "Where to begin: an offset of each partition, a time such as 2026-01-02T03:04:05Z or 2h ago, or the log start.",
        Validators = { result => Require(result, text => text == Start || Parse(text) is not null, "an offset, a time, 2h or start") },
    };

    readonly Option<string?> _to = new("--to")
    {
        HelpName = "OFFSET|TIME",
        Description = "Where to end, itself left out: all that the stream has read unless given.",
        Validators = { result => Require(result, text => Parse(text) is not null, "an offset, a time or 2h") },
    };

    readonly Option<string?> _into = new("--into")
    {
        HelpName = "TABLE",
        Description = "Another table than the stream's, made as the definition says where it is not there.",
    };

    readonly Option<int[]> _partitions = new("--partition")
    {
        HelpName = "N",
        Description = "One partition of the topic; may be given several times. All unless given.",
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(token => !IsNumber(token.Value)))
                    result.AddError($"--partition takes a number from 0, not '{token.Value}'.");
            },
        },
    };

    readonly Option<bool> _dryRun = new("--dry-run") { Description = "Change nothing: say how many rows would be added." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_from, _to, _into, _partitions, _dryRun]) command.Add(option);
    }

    /// <exception cref="CliException">Nobody says where to begin, or it ends before it begins.</exception>
    public ReplayOrder OrderOf(ParseResult parsed)
    {
        var (from, to) = (parsed.GetValue(_from), parsed.GetValue(_to));
        if (from is null)
            throw new CliException(
                ExitCodes.Usage,
                $"replay takes where to begin:  {Self.Command} replay STREAM --from start,  --from 100 for an offset, or  --from 2h");
        var order = new ReplayOrder
        {
            From = from == Start ? null : Parse(from),
            To = to is null ? null : Parse(to),
            Into = parsed.GetValue(_into),
            Partitions = [.. (parsed.GetValue(_partitions) ?? []).Distinct()],
            IsDry = parsed.GetValue(_dryRun),
        };
        if (IsBackwards(order)) throw new CliException(ExitCodes.Usage, $"--to {to} does not lie behind --from {from}: give a later one");
        return order;
    }

    static bool IsBackwards(ReplayOrder order) => (order.From, order.To) switch
    {
        (ReplayPoint.AtOffset from, ReplayPoint.AtOffset to) => to.Offset <= from.Offset,
        (ReplayPoint.AtTime from, ReplayPoint.AtTime to) => to.Time <= from.Time,
        (null, ReplayPoint.AtOffset { Offset: 0 }) => true,
        _ => false,
    };

    /// <returns>null where it is neither an offset nor a time.</returns>
    static ReplayPoint? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? new ReplayPoint.AtOffset(offset)
        : LetterOptions.Since(text, TimeProvider.System.GetUtcNow()) is { } time ? new ReplayPoint.AtTime(time)
        : null;

    static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    static void Require(OptionResult result, Func<string, bool> isRight, string what)
    {
        if (result.GetValueOrDefault<string?>() is { } value && !isRight(value))
            result.AddError($"{result.Option.Name} takes {what}, not '{value}'.");
    }
}
