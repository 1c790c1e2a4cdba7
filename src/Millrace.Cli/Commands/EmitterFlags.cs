using System.CommandLine;
using Millrace.Streams.Events;

namespace Millrace.Cli.Commands;

/// <summary>The emitter's options: each stands for an environment variable and beats it. Values are checked by <see cref="EmitterOptions"/>, whose words name the option.</summary>
sealed class EmitterFlags
{
    readonly (Option<string?> Option, string Variable)[] _flags =
    [
        Flag("--rate", EmitterOptions.RateVariable, "N", "Events a second, all streams together; 0: as many as Kafka takes."),
        Flag("--acks", EmitterOptions.AcksVariable, "all|1|0", "Acknowledgements to wait for."),
        Flag("--batch-size", EmitterOptions.BatchSizeVariable, "BYTES", "Bytes of one partition's records that go out together at most."),
        Flag("--linger-ms", EmitterOptions.LingerVariable, "MS", "How long a record waits for others to go out with."),
        Flag("--compression", EmitterOptions.CompressionVariable, "CODEC", "none, gzip, snappy, lz4 or zstd."),
        Flag("--events", EmitterOptions.EventsVariable, "N", "End the emitter after N events."),
        Flag("--seed", EmitterOptions.SeedVariable, "N", "Make the same events as another emitter with this seed."),
    ];

    public void AddTo(Command command)
    {
        foreach (var (option, _) in _flags) command.Add(option);
    }

    /// <summary>The options, checked.</summary>
    /// <exception cref="CliException">One of them has a value it can't have.</exception>
    public EmitterOptions Parse(ParseResult parsed)
    {
        var given = Variables(parsed);
        try
        {
            return EmitterOptions.FromEnvironment(name => given.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name));
        }
        catch (EmitterOptionException e)
        {
            var flag = _flags.FirstOrDefault(flag => given.ContainsKey(flag.Variable) && e.Message.StartsWith(flag.Variable + " ", StringComparison.Ordinal));
            throw new CliException(ExitCodes.Usage, flag.Option is null ? e.Message : flag.Option.Name + e.Message[flag.Variable.Length..], e);
        }
    }

    /// <summary>What the command line sets, as environment variables for another process.</summary>
    public Dictionary<string, string> Variables(ParseResult parsed) => _flags
        .Select(flag => (flag.Variable, Value: parsed.GetValue(flag.Option)))
        .Where(flag => flag.Value is not null)
        .ToDictionary(flag => flag.Variable, flag => flag.Value!);

    static (Option<string?>, string) Flag(string name, string variable, string helpName, string description) =>
        (new Option<string?>(name) { HelpName = helpName, Description = $"{description} Else {variable}." }, variable);
}
