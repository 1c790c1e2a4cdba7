using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Streams.Events;

namespace Millrace.Cli.Services;

/// <summary>
/// The emitter's options: each stands for an environment variable and beats it. Values are checked by <see cref="EmitterOptions"/>, whose
/// words name the option.
/// </summary>
sealed class EmitterFlags
{
    const string Rate = "--rate";
    const string RateProfile = "--rate-profile";
    const string Dashes = "--";

    readonly EmitterFlag[] _flags =
    [
        new(Rate, EmitterOptions.RateVariable, "N",
            "Events a second, all streams together; 0: as many as Kafka takes.", options => options.MessagesPerSecond),
        new(RateProfile, EmitterOptions.RateProfileVariable, "PROFILE",
            "How the rate changes over time, instead of --rate: ramp 1000..20000 over 60s, steps 1000,2000,5000 every 30s, "
                + "sine 500..5000 over 24h or bursts 20000 for 2s every 30s at 500.",
            options => options.RateProfile),
        new("--acks", EmitterOptions.AcksVariable, "all|1|0",
            "Acknowledgements to wait for.", options => options.Acks == Acks.All ? "all" : (int)options.Acks),
        new("--batch-size", EmitterOptions.BatchSizeVariable, "BYTES",
            "Bytes of one partition's records that go out together at most.", options => options.BatchSize),
        new("--linger-ms", EmitterOptions.LingerVariable, "MS",
            "How long a record waits for others to go out with.", options => options.LingerMs),
        new("--compression", EmitterOptions.CompressionVariable, "CODEC",
            "none, gzip, snappy, lz4 or zstd.", options => options.Compression.ToString().ToLowerInvariant()),
        new("--events", EmitterOptions.EventsVariable, "N",
            "End the emitter after N events; one that was killed begins anew and makes N again.", options => options.Events),
        new("--seed", EmitterOptions.SeedVariable, "N",
            "Make the same events as another emitter with this seed.", options => options.Seed),
        Share(ShareOptions.Late, EmitterOptions.LateVariable, shares => shares.Late),
        Share(ShareOptions.Duplicates, EmitterOptions.DuplicatesVariable, shares => shares.Duplicates),
        Share(ShareOptions.Malformed, EmitterOptions.MalformedVariable, shares => shares.Malformed),
        Share(ShareOptions.HotKey, EmitterOptions.HotKeyVariable, shares => shares.HotKey),
    ];

    public IEnumerable<Option> All => _flags.Select(flag => flag.Option);

    /// <summary>The options, checked.</summary>
    /// <exception cref="CliException">One of them has a value it can't have.</exception>
    public EmitterOptions Parse(ParseResult parsed)
    {
        var given = _flags.Where(flag => parsed.GetValue(flag.Option) is not null).ToDictionary(flag => flag.Variable);
        if (given.ContainsKey(EmitterOptions.RateVariable) && given.ContainsKey(EmitterOptions.RateProfileVariable))
        {
            throw new CliException(
                ExitCodes.Usage, $"{RateProfile} says what the rate is at each moment: leave out {Rate}, or the profile");
        }
        string? ValueOf(string name)
        {
            if (given.TryGetValue(name, out var flag)) return parsed.GetValue(flag.Option);
            // An option beats the environment.
            var isBeaten = name == EmitterOptions.RateProfileVariable && given.ContainsKey(EmitterOptions.RateVariable);
            return isBeaten ? null : Environment.GetEnvironmentVariable(name);
        }
        try
        {
            return EmitterOptions.FromEnvironment(ValueOf);
        }
        catch (EmitterOptionException e)
        {
            var wrong = given.Values.FirstOrDefault(flag => e.Message.StartsWith(flag.Variable + " ", StringComparison.Ordinal));
            throw new CliException(ExitCodes.Usage, wrong is null ? e.Message : wrong.Option.Name + e.Message[wrong.Variable.Length..], e);
        }
    }

    /// <summary>All of them in words, as they count after command line, environment and defaults.</summary>
    /// <exception cref="CliException">One of them has a value it can't have.</exception>
    public IEnumerable<StandSetting> Settings(ParseResult parsed)
    {
        var options = Parse(parsed);
        return _flags.Select(flag => new StandSetting(
            flag.Option.Name, Convert.ToString(flag.ValueOf(options), CultureInfo.InvariantCulture) ?? "", flag.IsGiven(parsed)));
    }

    /// <summary>The options when some are given, checked.</summary>
    /// <param name="given">By their names without dashes.</param>
    /// <exception cref="CliException">One of them has a value it can't have.</exception>
    public static EmitterOptions OptionsOf(IEnumerable<KeyValuePair<string, string>> given)
    {
        var (flags, parsed) = Given(given);
        return flags.Parse(parsed);
    }

    /// <summary>All of them by their names without dashes, as they count when none is given.</summary>
    /// <exception cref="CliException">One of them has a value it can't have.</exception>
    public static IReadOnlyDictionary<string, string> Defaults()
    {
        var (flags, parsed) = Given([]);
        return flags.Settings(parsed).ToDictionary(setting => setting.Option[Dashes.Length..], setting => setting.Value);
    }

    static (EmitterFlags Flags, ParseResult Parsed) Given(IEnumerable<KeyValuePair<string, string>> given)
    {
        var flags = new EmitterFlags();
        var command = new Command(ServiceNames.Emitter);
        foreach (var option in flags.All) command.Add(option);
        return (flags, command.Parse([.. ArgumentsOf(given)]));
    }

    /// <summary>As they stand on a command line.</summary>
    /// <param name="given">By their names without dashes.</param>
    public static IEnumerable<string> ArgumentsOf(IEnumerable<KeyValuePair<string, string>> given) =>
        given.SelectMany(setting => new[] { Dashes + setting.Key, setting.Value });

    static EmitterFlag Share((string Name, string Description) share, string variable, Func<EventShares, double> of) =>
        new(share.Name, variable, ShareOptions.HelpName, share.Description, options => of(options.Shares));

    /// <summary>One option with its environment variable and how to read it back. Immutable.</summary>
    sealed record EmitterFlag(string Name, string Variable, string HelpName, string Description, Func<EmitterOptions, object?> ValueOf)
    {
        public Option<string?> Option { get; } = new(Name) { HelpName = HelpName, Description = $"{Description} Else {Variable}." };

        public bool IsGiven(ParseResult parsed) => parsed.GetValue(Option) is not null || StandPaths.Variable(Variable) is not null;
    }
}
