using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Streams;
using Millrace.Streams.Profiles;

namespace Millrace.Cli.CommandLine;

/// <summary>
/// The options that say who the stand is on servers that it shares with others: for the commands that make or compare what bears the name.
/// </summary>
sealed class IdentityOptions
{
    const string StandVariable = "MILLRACE_STAND";
    const string GroupVariable = "MILLRACE_GROUP";
    const string StandRule = $"a stand's name ({StandIdentity.NameRule})";
    const string GroupRule = $"a group's name ({StandIdentity.GroupRule})";

    public Option<string?> Stand { get; } = new("--stand")
    {
        HelpName = "NAME",
        Description = "Whose tables they are: MILLRACE_STAND, the profile's 'stand', or the name of the --streams folder, unless given.",
        Validators = { result => Require(result, StandIdentity.IsName, StandRule) },
    };

    public Option<string?> Group { get; } = new("--group")
    {
        HelpName = "NAME",
        Description = "The group ClickHouse reads in: MILLRACE_GROUP, the profile's 'group', or one named after the stand, unless given.",
        Validators = { result => Require(result, StandIdentity.IsGroup, GroupRule) },
    };

    public Option[] All => [Stand, Group];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>As a second <c>up</c> compares them.</summary>
    public IEnumerable<StandSetting> Settings(ParseResult parsed, StandIdentity identity) =>
    [
        new(StandState.StandSetting, identity.Name, GivenStand(parsed) is not null),
        new(StandState.GroupSetting, identity.Group, GivenGroup(parsed) is not null),
    ];

    /// <returns>null when the user gave none.</returns>
    /// <exception cref="CliException">The environment variable holds no name.</exception>
    public string? GivenStand(ParseResult parsed) =>
        parsed.GetValue(Stand) ?? FromVariable(StandVariable, StandIdentity.IsName, StandRule);

    /// <inheritdoc cref="GivenStand"/>
    public string? GivenGroup(ParseResult parsed) =>
        parsed.GetValue(Group) ?? FromVariable(GroupVariable, StandIdentity.IsGroup, GroupRule);

    /// <summary>
    /// What the user gave first, then the profile, then the stand that is up with the same definitions, then what the folder of the
    /// definitions gives.
    /// </summary>
    /// <param name="streams">Full path of the folder.</param>
    public static StandIdentity Resolve(string? stand, string? group, Profile? profile, StandState? running, string streams)
    {
        var remembered = running is not null && IsSameFolder(running.Streams, streams) ? running.Identity : null;
        var folders = IsSameFolder(streams, StandPaths.Shipped) ? StandIdentity.DefaultName : StandIdentity.NameOf(streams);
        var identity = StandIdentity.Of(stand ?? profile?.Stand ?? remembered?.Name ?? folders);
        var usual = remembered?.Name == identity.Name ? remembered.Group : identity.Group;
        return identity with { Group = group ?? profile?.Group ?? usual };
    }

    public static bool IsSameFolder(string one, string other) =>
        Path.TrimEndingDirectorySeparator(one) == Path.TrimEndingDirectorySeparator(other);

    static void Require(OptionResult result, Func<string, bool> isRight, string what)
    {
        if (result.GetValueOrDefault<string?>() is not { } value || isRight(value)) return;
        result.AddError($"{result.Option.Name} takes {what}, not '{value}'.");
    }

    static string? FromVariable(string name, Func<string, bool> isRight, string what)
    {
        if (StandPaths.Variable(name) is not { } value) return null;
        if (isRight(value)) return value;
        throw new CliException(ExitCodes.Usage, $"{name} takes {what}, not '{value}': change it, or unset it.");
    }
}
