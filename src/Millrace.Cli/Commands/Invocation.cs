using System.CommandLine;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams;

namespace Millrace.Cli.Commands;

/// <summary>What every command finds out first from its command line: where the stand is and how to answer. Immutable.</summary>
sealed record Invocation(StandPaths Paths, OutputFormat Output, string? Kafka, Uri? ClickHouse)
{
    public static Invocation From(ParseResult parsed, GlobalOptions options) => new(
        StandPaths.Find(parsed.GetValue(options.Data), parsed.GetValue(options.Streams)),
        parsed.GetValue(options.Output),
        parsed.GetValue(options.Kafka),
        parsed.GetValue(options.ClickHouse) is { } url ? ClickHousePassword.TakeFrom(new Uri(url)) : null);

    /// <summary>The stand of the data directory, while its supervisor lives; null when it is down.</summary>
    public StandState? Stand => new StateFile(Paths.State).ReadLive();

    /// <exception cref="CliException">The stand is down.</exception>
    public StandState RequireStand() => Stand ?? throw new CliException(ExitCodes.NotRunning, $"No stand is up on {Paths.Data}: start one with  millrace up");

    /// <summary>Where to ask: the command line first, then the stand that is up, then the default ports.</summary>
    public StandEndpoints Endpoints
    {
        get
        {
            var stand = Stand;
            return EndpointParser.Parse(
                Kafka ?? stand?.Kafka ?? $"127.0.0.1:{StandOptions.DefaultKafkaPort}",
                ClickHouse ?? stand?.ClickHouse ?? new Uri($"http://127.0.0.1:{StandOptions.DefaultClickHousePort}/"));
        }
    }
}
