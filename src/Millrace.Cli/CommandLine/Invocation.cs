using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Profiles;

namespace Millrace.Cli.CommandLine;

/// <summary>What every command finds out first from its command line: where the stand is and how to answer. Immutable.</summary>
/// <param name="NamesStreams">The user said where the stream definitions are.</param>
/// <param name="GivenStand">The stand's name, where the user gave one; asked for late, as not every command has a use for it.</param>
/// <param name="GivenGroup">As <paramref name="GivenStand"/>, the group.</param>
sealed record Invocation(StandPaths Paths, OutputFormat Output, bool NamesStreams, Func<string?> GivenStand, Func<string?> GivenGroup)
{
    string? _kafka;
    Uri? _clickHouse;

    /// <summary>Full path of the profile file; null when there is none.</summary>
    public string? ProfilePath { get; private init; }

    /// <summary>Of a Kafka that somebody else runs, where the command line or the profile names one.</summary>
    /// <exception cref="StreamDefinitionException">The profile can't be used.</exception>
    public string? Kafka => _kafka ?? Profile?.Kafka?.Bootstrap;

    /// <summary>Of a ClickHouse that somebody else runs, where the command line or the profile names one.</summary>
    /// <exception cref="StreamDefinitionException">The profile can't be used.</exception>
    public Uri? ClickHouse => _clickHouse ?? Profile?.ClickHouse?.Url;

    /// <summary>The stand of the data directory, while its supervisor lives; null when it is down.</summary>
    public StandState? Stand => new StateFile(Paths.State).ReadLive();

    public string NoStand => new StateFile(Paths.State).Read() is { Supervisor.IsAlive: false }
        ? $"The supervisor of the stand on {Paths.Data} was killed, and its services end by themselves: "
            + $"bring it up again with  {Self.Command} {Up}"
        : $"No stand is up on {Paths.Data}: start one with  {Self.Command} {Up}";

    /// <summary>What brings up the stand of this data directory, and not the one that is taken unless another is named.</summary>
    string Up => Paths.Data == StandPaths.Find(null, null).Data ? "up" : $"up --data {Paths.Data}";

    /// <summary>What should flow: the definitions of <see cref="StreamsFolder"/>.</summary>
    /// <exception cref="StreamDefinitionException">They can't be used.</exception>
    public StreamCatalog Catalog => StreamCatalog.Load(StreamsFolder);

    /// <summary>Full path of the folder that the user names, then that of the stand that is up, then the checkout's.</summary>
    public string StreamsFolder => StreamsOf(Stand);

    /// <summary>Read only by commands that ask a server: one that can't be read is no trouble for the others.</summary>
    Profile? Profile => field ??= ProfileOption.Load(ProfilePath);

    public static Invocation From(ParseResult parsed, GlobalOptions options) => new(
        StandPaths.Find(parsed.GetValue(options.Data), parsed.GetValue(options.Streams)),
        parsed.GetValue(options.Output),
        (parsed.GetValue(options.Streams) ?? StandPaths.Variable(StandPaths.StreamsVariable)) is not null,
        () => options.Identity.GivenStand(parsed),
        () => options.Identity.GivenGroup(parsed))
    {
        _kafka = parsed.GetValue(options.Kafka),
        _clickHouse = parsed.GetValue(options.ClickHouse) is { } url ? ClickHousePassword.TakeFrom(new Uri(url)) : null,
        ProfilePath = ProfileOption.PathOf(parsed.GetValue(options.Profile)),
    };

    /// <exception cref="CliException">The stand is down.</exception>
    public StandState RequireStand() => Stand ?? throw new CliException(ExitCodes.NotRunning, NoStand);

    /// <summary>
    /// Where to ask, and as which stand: the command line first, then the profile, then the stand that is up. A server that nobody named is
    /// never guessed: it would be a stranger's.
    /// </summary>
    /// <param name="needed">Those that the command asks; another may stay unknown.</param>
    /// <exception cref="CliException">Neither the user nor a stand that is up says where one of them is.</exception>
    /// <exception cref="StreamDefinitionException">The profile can't be used.</exception>
    public StandEndpoints Endpoints(Servers needed)
    {
        var stand = Stand;
        var (kafka, clickHouse) = (Kafka ?? stand?.Kafka, ClickHouse ?? stand?.ClickHouse);
        var missing = needed & ~((kafka is null ? 0 : Servers.Kafka) | (clickHouse is null ? 0 : Servers.ClickHouse));
        if (missing != Servers.None && stand is not null)
            throw new CliException(
                ExitCodes.NotRunning, $"The stand on {Paths.Data} is coming up and has no ports yet: try again in a second.");
        if (missing != Servers.None) throw new CliException(ExitCodes.NotRunning, $"{NoStand}, or name {OptionsFor(missing)}");
        var profile = Profile ?? ProfileOf(stand);
        return EndpointParser.Parse(kafka ?? "", clickHouse ?? EndpointParser.Nowhere, profile) with
        {
            Identity = IdentityOptions.Resolve(GivenStand(), GivenGroup(), profile, stand, StreamsOf(stand)),
        };
    }

    /// <summary>Whether <see cref="Endpoints"/> come from the stand that is up.</summary>
    public bool AsksTheStand(Servers server) => server == Servers.Kafka ? Kafka is null : ClickHouse is null;

    /// <summary>
    /// The stand's own profile, for what is asked of the stand: its passwords are for no other server that the user names.
    /// </summary>
    Profile? ProfileOf(StandState? stand) => ProfileOption.Load(stand?.Profile) is { } profile
        ? profile with
        {
            Kafka = AsksTheStand(Servers.Kafka) ? profile.Kafka : null,
            ClickHouse = AsksTheStand(Servers.ClickHouse) ? profile.ClickHouse : null,
        }
        : null;

    string StreamsOf(StandState? stand) => NamesStreams ? Paths.Streams : stand?.Streams ?? Paths.Streams;

    static string OptionsFor(Servers missing) => missing switch
    {
        Servers.Kafka => "the Kafka to ask with --kafka HOST:PORT",
        Servers.ClickHouse => "the ClickHouse to ask with --clickhouse URL",
        _ => "the servers to ask with --kafka HOST:PORT and --clickhouse URL",
    };
}
