using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Streams.Events;

namespace Millrace.Cli.CommandLine;

/// <summary>
/// The options that say how much of the events is bad on purpose, as <c>rate</c> has them. Those of <c>up</c> are called
/// so too.
/// </summary>
sealed class ShareOptions
{
    public const string HelpName = "SHARE";

    public static readonly (string Name, string Description)
        Late = ("--late", "Share of the events, 0 to 1, whose time lies 1 to 24 hours back."),
        Duplicates = ("--duplicates", "Share of the events that are a recent one once more."),
        Malformed = ("--malformed", "Share of the events that must become dead letters."),
        HotKey = ("--hot-key", "Share of the events that have one key.");

    readonly Option<string?> _late = Share(Late);
    readonly Option<string?> _duplicates = Share(Duplicates);
    readonly Option<string?> _malformed = Share(Malformed);
    readonly Option<string?> _hotKey = Share(HotKey);

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

    static Option<string?> Share((string Name, string Description) share) =>
        new(share.Name) { HelpName = HelpName, Description = share.Description };
}
