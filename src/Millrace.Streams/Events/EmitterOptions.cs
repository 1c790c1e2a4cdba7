using System.Globalization;
using Confluent.Kafka;

namespace Millrace.Streams.Events;

/// <summary>
/// How much the emitter makes and how it hands it to Kafka. Immutable.
/// The PRODUCER_ variables mean what Kafka's producer settings of these names mean
/// (https://kafka.apache.org/documentation/#producerconfigs).
/// </summary>
public sealed record EmitterOptions
{
    public const string RateVariable = "MESSAGES_PER_SECOND";
    public const string RateProfileVariable = "EMITTER_RATE_PROFILE";
    public const string AcksVariable = "PRODUCER_ACKS";
    public const string BatchSizeVariable = "PRODUCER_BATCH_SIZE";
    public const string LingerVariable = "PRODUCER_LINGER_MS";
    public const string CompressionVariable = "PRODUCER_COMPRESSION";
    public const string EventsVariable = "EMITTER_EVENTS";
    public const string SeedVariable = "EMITTER_SEED";
    public const string LateVariable = "EMITTER_LATE";
    public const string DuplicatesVariable = "EMITTER_DUPLICATES";
    public const string MalformedVariable = "EMITTER_MALFORMED";
    public const string HotKeyVariable = "EMITTER_HOT_KEY";

    /// <summary>A batch this large stays under the largest a broker takes by default, 1,048,588 bytes (message.max.bytes).</summary>
    const int LargestBatch = 1_000_000;

    /// <summary>librdkafka's own bound of linger.ms: 15 minutes.</summary>
    const int LongestLinger = 900_000;

    /// <summary>Events a second.</summary>
    public const int HighestRate = Rates.RateProfile.HighestRate;

    static readonly Dictionary<string, Acks> AcksValues = new()
    {
        ["all"] = Acks.All,
        ["-1"] = Acks.All,
        ["1"] = Acks.Leader,
        ["0"] = Acks.None,
    };

    static readonly Dictionary<string, CompressionType> CompressionValues = new()
    {
        ["none"] = CompressionType.None,
        ["gzip"] = CompressionType.Gzip,
        ["snappy"] = CompressionType.Snappy,
        ["lz4"] = CompressionType.Lz4,
        ["zstd"] = CompressionType.Zstd,
    };

    /// <summary>Events of all streams together; 0: as many as Kafka takes.</summary>
    public int MessagesPerSecond { get; init; } = 1000;

    /// <summary>How the rate changes over time, and counts instead of <see cref="MessagesPerSecond"/>; null: it does not.</summary>
    public string? RateProfile { get; init; }

    public Acks Acks { get; init; } = Acks.All;

    /// <summary>Bytes of one partition's records that go out together at most; 0: every record by itself.</summary>
    public int BatchSize { get; init; } = 131_072;

    /// <summary>Milliseconds a record waits for others to go out with.</summary>
    public int LingerMs { get; init; } = 10;

    /// <summary>None, as Kafka's producer: every client can read the topics then (kafkajs brings no codec but gzip).</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>Stop once so many are made and acknowledged; null: go on until stopped.</summary>
    public long? Events { get; init; }

    /// <summary>Two emitters with one seed make the same events, ids included, at their own times; null: a new one each time.</summary>
    public int? Seed { get; init; }

    /// <summary>How much of the events is bad on purpose.</summary>
    public EventShares Shares { get; init; } = EventShares.None;

    /// <summary>
    /// Event and record carry the time at which they were due, not that at which they were made, and what fell due in a pause is made up
    /// for: whoever measures latencies sees those of a pause too. Has no effect at rate 0.
    /// </summary>
    public bool OpenLoop { get; init; }

    /// <param name="variable">The value of an environment variable; null or empty when it is not set.</param>
    /// <exception cref="EmitterOptionException">A variable has a value it can't have.</exception>
    public static EmitterOptions FromEnvironment(Func<string, string?> variable)
    {
        var defaults = new EmitterOptions();
        return new EmitterOptions
        {
            MessagesPerSecond = Integer(variable, RateVariable, 0, HighestRate) ?? defaults.MessagesPerSecond,
            RateProfile = Profile(variable),
            Acks = OneOf(variable, AcksVariable, AcksValues) ?? defaults.Acks,
            BatchSize = Integer(variable, BatchSizeVariable, 0, LargestBatch) ?? defaults.BatchSize,
            LingerMs = Integer(variable, LingerVariable, 0, LongestLinger) ?? defaults.LingerMs,
            Compression = OneOf(variable, CompressionVariable, CompressionValues) ?? defaults.Compression,
            Events = Integer(variable, EventsVariable, 1, int.MaxValue),
            Seed = Integer(variable, SeedVariable, int.MinValue, int.MaxValue),
            Shares = new EventShares(
                Share(variable, LateVariable), Share(variable, DuplicatesVariable), Share(variable, MalformedVariable),
                Share(variable, HotKeyVariable)),
        };
    }

    /// <exception cref="EmitterOptionException">It is none.</exception>
    internal static Rates.RateProfile ReadProfile(string text) => Rates.RateProfile.Parse(text)
        ?? throw EmitterOptionException.For(RateProfileVariable, text, Rates.RateProfile.Allowed(text));

    static string? Profile(Func<string, string?> variable) =>
        variable(RateProfileVariable) is { Length: > 0 } text ? ReadProfile(text).Text : null;

    static double Share(Func<string, string?> variable, string name) => variable(name) is not { Length: > 0 } text ? 0
        : EventShares.Read(text) ?? throw EmitterOptionException.For(name, text, EventShares.Allowed);

    static int? Integer(Func<string, string?> variable, string name, int minimum, int maximum)
    {
        if (variable(name) is not { Length: > 0 } text) return null;
        var valid = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= minimum
            && value <= maximum;
        if (valid) return value;
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}");
        throw EmitterOptionException.For(name, text, allowed);
    }

    static T? OneOf<T>(Func<string, string?> variable, string name, Dictionary<string, T> values) where T : struct
    {
        if (variable(name) is not { Length: > 0 } text) return null;
        return values.TryGetValue(text, out var value)
            ? value
            : throw EmitterOptionException.For(name, text, $"one of {string.Join(", ", values.Keys)}");
    }
}
