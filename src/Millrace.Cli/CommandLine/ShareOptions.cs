using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Streams.Events;

namespace Millrace.Cli.CommandLine;

/// <summary>The options of <c>rate</c> that say how much of the events is bad on purpose, called as those of <c>up</c>.</summary>
sealed class ShareOptions
{
    readonly Option<string?> _late = Share("--late", "Share of the events, 0 to 1, whose time lies 1 to 24 hours back.");
    readonly Option<string?> _duplicates = Share("--duplicates", "Share of the events that are a recent one once more.");
    readonly Option<string?> _malformed = Share("--malformed", "Share of the events that must become dead letters.");
    readonly Option<string?> _hotKey = Share("--hot-key", "Share of the events that have one key.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_late, _duplicates, _malformed, _hotKey]) command.Add(option);
    }

    /// <returns>null where none is given.</returns>
    /// <exception cref="CliException">One of them is no share.</exception>
    public ShareChange? Parse(ParseResult parsed)
    {
        var change = new ShareChange(Of(_late), Of(_duplicates), Of(_malformed), Of(_hotKey));
        return change == new ShareChange() ? null : change;

        double? Of(Option<string?> option) => parsed.GetValue(option) is not { } text ? null
            : EventShares.Read(text)
                ?? throw new CliException(ExitCodes.Usage, $"{option.Name} is '{text}'; it must be {EventShares.Allowed}");
    }

    static Option<string?> Share(string name, string description) => new(name) { HelpName = "SHARE", Description = description };
}
