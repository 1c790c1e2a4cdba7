namespace Millrace.Streams.Events;

/// <summary>What an emitter did in its last second, without its topics. Immutable.</summary>
/// <param name="TargetPerSecond">The rate asked for now; 0: as many as Kafka takes, but under a profile none.</param>
/// <param name="IsWaiting">Kafka is away or slow, and nothing more is made until it is back.</param>
/// <param name="LastError">Why Kafka last refused a record; null: it never did.</param>
public sealed record EmitterSummary(
    int TargetPerSecond, double GeneratedPerSecond, double AcknowledgedPerSecond, long Acknowledged, long InFlight, long Failed,
    bool IsWaiting, string? LastError)
{
    /// <summary>By which the rate changes; null for a constant one.</summary>
    public string? RateProfile { get; init; }

    /// <summary>Of those acknowledged: malformed on purpose, to become dead letters.</summary>
    public long Malformed { get; init; }

    /// <summary>How much of the events is bad on purpose.</summary>
    public EventShares Shares { get; init; } = EventShares.None;

    public static EmitterSummary Of(EmitterReport report) => new(
        report.TargetPerSecond, report.GeneratedPerSecond, report.AcknowledgedPerSecond, report.Acknowledged, report.InFlight, report.Failed,
        report.IsWaiting, report.LastError)
    {
        RateProfile = report.RateProfile,
        Malformed = report.Malformed,
        Shares = report.Shares,
    };
}
