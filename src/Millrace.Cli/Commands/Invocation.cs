using System.CommandLine;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary>What every command finds out first from its command line: where the stand is and how to answer. Immutable.</summary>
sealed record Invocation(StandPaths Paths, OutputFormat Output, string? Kafka, Uri? ClickHouse)
{
    public static Invocation From(ParseResult parsed, GlobalOptions options) => new(
        StandPaths.Find(parsed.GetValue(options.Data), parsed.GetValue(options.Streams)),
        parsed.GetValue(options.Output),
        parsed.GetValue(options.Kafka),
        parsed.GetValue(options.ClickHouse) is { } url ? new Uri(url) : null);

    /// <summary>The stand of the data directory, while its supervisor lives; null when it is down.</summary>
    public StandState? Stand => new StateFile(Paths.State).ReadLive();

    /// <exception cref="CliException">The stand is down.</exception>
    public StandState RequireStand() => Stand ?? throw new CliException(ExitCodes.NotRunning, $"No stand is up on {Paths.Data}: start one with  millrace up");
}
