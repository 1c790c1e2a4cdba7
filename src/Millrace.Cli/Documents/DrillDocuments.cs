using System.Text.Json.Serialization;
using Millrace.Bench.Results;

namespace Millrace.Cli.Documents;

/// <summary>Something that a drill did or saw. Immutable.</summary>
/// <param name="Kind">One of the constants below.</param>
/// <param name="Text">In a sentence.</param>
sealed record DrillEvent(DateTimeOffset Time, string Kind, string Text)
{
    /// <summary>What the drill will do.</summary>
    public const string Plan = "plan";

    public const string Struck = "strike";
    public const string Recovered = "recovered";

    /// <summary>It was not well again in time.</summary>
    public const string NotRecovered = "not recovered";

    public const string Stopped = "stopped";
}

/// <summary>What one strike did to the stand. Immutable.</summary>
/// <param name="Time">When it had struck.</param>
/// <param name="Text">What it did.</param>
/// <param name="FirstRowSeconds">Until a record that was made after the strike was a row; null: that did not come in time.</param>
/// <param name="RecoverySeconds">
/// Until the services ran again and all that had been acknowledged by then was read; null: that did not come in time.
/// </param>
sealed record DrillStrike(DateTimeOffset Time, string Text, double? FirstRowSeconds, double? RecoverySeconds);

/// <summary>How a drill ended. Immutable. Counts are null where nobody could be asked.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Sentences">What is wrong, in sentences; empty where nothing is.</param>
sealed record DrillVerdict(
    [property: JsonPropertyName("drill")] string Name, DateTimeOffset Started, IReadOnlyList<DrillStrike> Strikes,
    IReadOnlyList<string> Sentences)
{
    /// <summary>The last document of all.</summary>
    public const string OfAll = "verdict";

    /// <summary>How one drill of several ended; the counts are its alone.</summary>
    public const string OfStep = "step";

    /// <summary>Tells it from a <see cref="DrillEvent"/>.</summary>
    [JsonPropertyOrder(-1)]
    public string Kind { get; init; } = OfAll;

    public bool Passed => Sentences.Count == 0;

    /// <summary>Somebody stopped it before its end: it tells of what was done by then.</summary>
    public bool Stopped { get; init; }

    public double Seconds { get; init; }

    /// <summary>Events that the drill produced itself and Kafka acknowledged.</summary>
    public long? Acknowledged { get; init; }

    /// <summary>Of them, those of which Kafka did not say where they are: nobody can look them up.</summary>
    public long? WithoutOffset { get; init; }

    /// <summary>Of them, those that are rows or dead letters.</summary>
    public long? Stored { get; init; }

    /// <summary>Of them, those that are neither.</summary>
    public long? Lost { get; init; }

    /// <summary>Events that Kafka refused, or gave no answer about: nobody was promised anything of them.</summary>
    public long Failed { get; init; }

    /// <summary>Of the acknowledged events, those that must become dead letters.</summary>
    public long Malformed { get; init; }

    /// <summary>That came during the drill, of all producers.</summary>
    public long? DeadLetters { get; init; }

    /// <summary>
    /// Records of all producers that were read and are stored nowhere, those that the topic has dropped since among them.
    /// </summary>
    public long? Missing { get; init; }

    /// <summary>Records of all producers that are stored more than once, as the audit counts them.</summary>
    public long? StoredTwice { get; init; }

    /// <summary>What has come about since an earlier one of the same drill.</summary>
    public DrillVerdict Since(DrillVerdict? earlier) => earlier is null ? this : this with
    {
        Strikes = [.. Strikes.Skip(earlier.Strikes.Count)],
        Sentences = Added(Sentences, earlier.Sentences),
        Acknowledged = Acknowledged - earlier.Acknowledged,
        WithoutOffset = WithoutOffset - earlier.WithoutOffset,
        Stored = Stored - earlier.Stored,
        Lost = Lost - earlier.Lost,
        Failed = Failed - earlier.Failed,
        Malformed = Malformed - earlier.Malformed,
        DeadLetters = DeadLetters - earlier.DeadLetters,
        Missing = Missing - earlier.Missing,
        StoredTwice = StoredTwice - earlier.StoredTwice,
    };

    /// <summary>What the next one counts from, where this one could not be judged.</summary>
    [JsonIgnore]
    public DrillVerdict WithoutCounts => this with
    {
        Acknowledged = 0,
        WithoutOffset = 0,
        Stored = 0,
        Lost = 0,
        Failed = 0,
        Malformed = 0,
        DeadLetters = 0,
        Missing = 0,
        StoredTwice = 0,
    };

    /// <summary>One that is said again is said of the later one too.</summary>
    static List<string> Added(IEnumerable<string> now, IEnumerable<string> before)
    {
        var rest = before.ToList();
        return [.. now.Where(sentence => !rest.Remove(sentence))];
    }

    [JsonIgnore]
    public IEnumerable<double> Recoveries => Strikes.Select(strike => strike.RecoverySeconds).OfType<double>();
}

/// <summary>The data of a drill's page. Immutable.</summary>
/// <param name="Measurements">One, with one run.</param>
sealed record DrillReport(DrillVerdict Verdict, IReadOnlyList<Measurement> Measurements);
