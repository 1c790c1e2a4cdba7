using System.CommandLine;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Commands;

/// <summary>What every command finds out first from its command line: where the stand is and how to answer. Immutable.</summary>
/// <param name="Kafka">Of a Kafka that somebody else runs, where the command line or the profile names one.</param>
/// <param name="ClickHouse">Of a ClickHouse that somebody else runs, where the command line or the profile names one.</param>
/// <param name="ProfilePath">Full path of the profile file; null when there is none.</param>
/// <param name="NamesStreams">The user said where the stream definitions are.</param>
/// <param name="GivenStand">The stand's name, where the user gave one; asked for late, as not every command has a use for it.</param>
/// <param name="GivenGroup">As <paramref name="GivenStand"/>, the group.</param>
sealed record Invocation(
    StandPaths Paths, OutputFormat Output, string? Kafka, Uri? ClickHouse, string? ProfilePath, bool NamesStreams,
    Func<string?> GivenStand, Func<string?> GivenGroup)
{
    /// <exception cref="StreamDefinitionException">The profile can't be used.</exception>
    public static Invocation From(ParseResult parsed, GlobalOptions options)
    {
        var path = ProfileOption.PathOf(parsed.GetValue(options.Profile));
        var profile = ProfileOption.Load(path);
        return new(
            StandPaths.Find(parsed.GetValue(options.Data), parsed.GetValue(options.Streams)),
            parsed.GetValue(options.Output),
            parsed.GetValue(options.Kafka) ?? profile?.Kafka?.Bootstrap,
            parsed.GetValue(options.ClickHouse) is { } url ? ClickHousePassword.TakeFrom(new Uri(url)) : profile?.ClickHouse?.Url,
            path,
            (parsed.GetValue(options.Streams) ?? StandPaths.Variable(StandPaths.StreamsVariable)) is not null,
            () => options.Identity.GivenStand(parsed),
            () => options.Identity.GivenGroup(parsed));
    }

    /// <summary>The stand of the data directory, while its supervisor lives; null when it is down.</summary>
    public StandState? Stand => new StateFile(Paths.State).ReadLive();

    public string NoStand => $"No stand is up on {Paths.Data}: start one with  {Self.Command} up";

    /// <exception cref="CliException">The stand is down.</exception>
    public StandState RequireStand() => Stand ?? throw new CliException(ExitCodes.NotRunning, NoStand);

    /// <summary>What should flow: the definitions that the user names, then those of the stand that is up, then the checkout's.</summary>
    /// <exception cref="StreamDefinitionException">They can't be used.</exception>
    public StreamCatalog Catalog => StreamCatalog.Load(StreamsOf(Stand));

    /// <summary>
    /// Where to ask, and as which stand: the command line first, then the profile, then the stand that is up, then the default ports.
    /// </summary>
    public StandEndpoints Endpoints
    {
        get
        {
            var stand = Stand;
            var profile = ProfileOption.Load(ProfilePath ?? stand?.Profile);
            var endpoints = EndpointParser.Parse(
                Kafka ?? stand?.Kafka ?? $"127.0.0.1:{StandOptions.DefaultKafkaPort}",
                ClickHouse ?? stand?.ClickHouse ?? new Uri($"http://127.0.0.1:{StandOptions.DefaultClickHousePort}/"),
                profile);
            return endpoints with { Identity = IdentityOptions.Resolve(GivenStand(), GivenGroup(), profile, stand, StreamsOf(stand)) };
        }
    }

    string StreamsOf(StandState? stand) => NamesStreams ? Paths.Streams : stand?.Streams ?? Paths.Streams;
}
