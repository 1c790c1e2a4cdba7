using System.Text.Json.Serialization;

namespace Millrace.Bench.Results;

/// <summary>What one call of <c>bench</c> measured, as results.json holds it: docs/BENCH.md is its description. Immutable.</summary>
public sealed record BenchResults
{
    /// <summary>What <see cref="Format"/> says.</summary>
    public const string FormatName = "millrace-bench";

    /// <summary>Raised when a reader of the version before would misunderstand what is written.</summary>
    public const int CurrentVersion = 1;

    public string Format { get; init; } = FormatName;

    public int Version { get; init; } = CurrentVersion;

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>false where somebody stopped it, or it failed: what is in here was measured to its end all the same.</summary>
    public required bool IsComplete { get; init; }

    public required MachineFacts Machine { get; init; }

    public required VersionFacts Versions { get; init; }

    public required BenchSettings Settings { get; init; }

    public required IReadOnlyList<Measurement> Measurements { get; init; }
}

/// <summary>Where it was measured. null is what the machine does not tell. Immutable.</summary>
/// <param name="Cores">That the processes may use.</param>
public sealed record MachineFacts(string? Cpu, int Cores, long? MemoryBytes, string? Kernel, string System);

/// <summary>What was measured. Immutable.</summary>
/// <param name="Libchdb">null where the launcher did not say which it uses.</param>
public sealed record VersionFacts(string Millrace, string Dotnet, string Librdkafka, string? Libchdb);

/// <summary>How it was measured. Immutable.</summary>
/// <param name="Emitter">The emitter's settings that hold where a measurement's parameters do not name them.</param>
/// <param name="Streams">The streams that events were made of.</param>
public sealed record BenchSettings(
    double WarmUpSeconds, double DurationSeconds, double HoldSeconds, double P99LimitMs, int Repeat,
    IReadOnlyDictionary<string, string> Emitter, IReadOnlyList<string> Streams);

/// <summary>One scenario with one set of parameters, measured once or several times. Immutable.</summary>
/// <param name="Parameters">By name, such as <c>rate</c> and <c>linger-ms</c>.</param>
public sealed record Measurement(string Scenario, IReadOnlyDictionary<string, string> Parameters, IReadOnlyList<RunResult> Runs)
{
    /// <summary>"latency, rate 1000, linger-ms 5".</summary>
    [JsonIgnore]
    public string Title => string.Join(", ", Parameters.Select(parameter => $"{parameter.Key} {parameter.Value}").Prepend(Scenario));

    /// <summary>By metric, over those runs that have it.</summary>
    public IReadOnlyDictionary<string, Summary> Summary => Runs.SelectMany(run => run.Values).GroupBy(value => value.Key)
        .ToDictionary(metric => metric.Key, metric => Results.Summary.Of([.. metric.Select(value => value.Value)]));
}

/// <summary>One metric over all runs of a measurement. The spread is from the smallest to the largest. Immutable.</summary>
public sealed record Summary(double Median, double Min, double Max, int Runs)
{
    /// <param name="values">At least one.</param>
    public static Summary Of(IReadOnlyList<double> values)
    {
        var ordered = values.Order().ToList();
        var median = (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
        return new Summary(median, ordered[0], ordered[^1], ordered.Count);
    }
}
