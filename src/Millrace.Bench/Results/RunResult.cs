using System.Text.Json.Serialization;

namespace Millrace.Bench.Results;

/// <summary>One run of a scenario. Immutable.</summary>
/// <param name="Number">From 1, among the runs of its measurement.</param>
/// <param name="Values">By the names of <see cref="Metric.All"/>.</param>
public sealed record RunResult(int Number, DateTimeOffset StartedAt, double Seconds, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>How late the rows were, from the lowest to the highest percentile; empty where that is not measured.</summary>
    public IReadOnlyList<PercentilePoint> Percentiles { get; init; } = [];

    /// <summary>The same for each second in which events were due.</summary>
    public IReadOnlyList<LatencySecond> Latency { get; init; } = [];

    public IReadOnlyList<ProcessUse> Processes { get; init; } = [];

    public IReadOnlyList<TimelinePoint> Timeline { get; init; } = [];

    /// <summary>What was done to the stand meanwhile; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RunMark>? Marks { get; init; }

    /// <summary>What a reader has to know to judge the numbers, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>So many percent of the rows, or more, were at most that late. Immutable.</summary>
/// <param name="Count">Rows that were at most that late.</param>
public sealed record PercentilePoint(double Percentile, double Ms, long Count);

/// <summary>The rows of the events that were due in one second. Immutable.</summary>
/// <param name="Second">From the first event on; 0 is its second. Those of the warm-up are there too.</param>
public sealed record LatencySecond(long Second, long Rows, double P50Ms, double P99Ms, double MaxMs);

/// <summary>What a service used while it was measured, all its processes together. Immutable.</summary>
/// <param name="CpuSeconds">In the measured time.</param>
/// <param name="PeakRssBytes">The most that one of them ever had in RAM, its start included.</param>
/// <param name="CpuUsPerEvent">Microseconds; null where no event was measured.</param>
public sealed record ProcessUse(string Name, double CpuSeconds, long PeakRssBytes, double? CpuUsPerEvent);

/// <summary>What the stand was like at one second; null is what was not known then. Immutable.</summary>
/// <param name="Seconds">Since the stand was up.</param>
/// <param name="Lag">Records that ClickHouse has not committed.</param>
/// <param name="Cores">That each service kept busy since the point before.</param>
public sealed record TimelinePoint(
    double Seconds, double? ProducedPerSecond, double? RowsPerSecond, long? Lag, IReadOnlyDictionary<string, double> Cores);

/// <summary>A mark on the time axis. Immutable.</summary>
/// <param name="Seconds">As those of <see cref="TimelinePoint"/>.</param>
/// <param name="Text">In a few words.</param>
public sealed record RunMark(double Seconds, string Text);
