namespace Millrace.Bench.Results;

/// <summary>What a number is, and which way is better. Immutable.</summary>
/// <param name="Direction">1: more is better, -1: less is better, 0: neither; it only says what was done.</param>
public sealed record Metric(string Name, string Title, string Unit, int Direction)
{
    public const string Acknowledged = "events_acknowledged";
    public const string Stored = "rows_stored";
    public const string DeadLetters = "dead_letters";
    public const string Rate = "events_per_second";
    public const string P50 = "p50_ms";
    public const string P90 = "p90_ms";
    public const string P99 = "p99_ms";
    public const string P999 = "p999_ms";
    public const string Max = "max_ms";
    public const string CpuPerEvent = "cpu_us_per_event";
    public const string PeakRss = "peak_rss_mb";
    public const string HeldRate = "held_events_per_second";
    public const string FailedRate = "failed_events_per_second";
    public const string DrainRate = "drained_rows_per_second";
    public const string Up = "up_seconds";
    public const string FirstRow = "first_row_seconds";
    public const string CaughtUp = "caught_up_seconds";

    /// <summary>In the order in which reports show them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new(HeldRate, "rate held", "events/s", 1),
        new(FailedRate, "lowest rate that was not held", "events/s", 0),
        new(DrainRate, "read and stored", "rows/s", 1),
        new(Up, "everything up", "s", -1),
        new(FirstRow, "first row", "s", -1),
        new(CaughtUp, "caught up", "s", -1),
        new(P50, "p50", "ms", -1),
        new(P90, "p90", "ms", -1),
        new(P99, "p99", "ms", -1),
        new(P999, "p99.9", "ms", -1),
        new(Max, "highest", "ms", -1),
        new(CpuPerEvent, "CPU an event, all services", "us", -1),
        new(PeakRss, "peak memory, all services", "MB", -1),
        new(Rate, "measured", "events/s", 0),
        new(Acknowledged, "events acknowledged", "", 0),
        new(Stored, "rows stored", "", 0),
        new(DeadLetters, "dead letters", "", 0),
    ];

    /// <summary>One that a later version wrote is shown by its name.</summary>
    public static Metric Named(string name) => All.FirstOrDefault(metric => metric.Name == name) ?? new(name, name, "", 0);
}
