namespace Millrace.Streams.Events;

/// <summary>What an emitter has done since it started. Immutable.</summary>
/// <param name="TargetPerSecond">The rate asked for now; 0: as many as Kafka takes, but under a profile none.</param>
/// <param name="GeneratedPerSecond">Since the report before.</param>
/// <param name="AcknowledgedPerSecond">Since the report before.</param>
/// <param name="IsWaiting">
/// Kafka is away or slow: what is in flight has reached its bound, and nothing more is made until it shrinks.
/// </param>
/// <param name="IsFinal">
/// The emitter has stopped; what is in flight now was not acknowledged in time, and may or may not be in the topic.
/// </param>
/// <param name="LastError">Why Kafka last refused a record; null: it never did.</param>
public sealed record EmitterReport(
    DateTimeOffset Time,
    int TargetPerSecond,
    double GeneratedPerSecond,
    double AcknowledgedPerSecond,
    bool IsWaiting,
    bool IsFinal,
    string? LastError,
    IReadOnlyList<TopicReport> Topics)
{
    /// <summary>By which the rate changes; null for a constant one.</summary>
    public string? RateProfile { get; init; }

    /// <summary>How much of the events is bad on purpose.</summary>
    public EventShares Shares { get; init; } = EventShares.None;

    public long Generated => Topics.Sum(topic => topic.Generated);

    public long Acknowledged => Topics.Sum(topic => topic.Acknowledged);

    public long Failed => Topics.Sum(topic => topic.Failed);

    public long InFlight => Topics.Sum(topic => topic.InFlight);

    public long Malformed => Topics.Sum(topic => topic.Malformed);
}

/// <summary>The events of one topic since the emitter started. Immutable.</summary>
/// <param name="Failed">Kafka refused them for good.</param>
public sealed record TopicReport(string Topic, long Generated, long Acknowledged, long Failed)
{
    /// <summary>Of those acknowledged: malformed on purpose, to become dead letters.</summary>
    public long Malformed { get; init; }

    /// <summary>Made but neither acknowledged nor failed.</summary>
    public long InFlight => Generated - Acknowledged - Failed;
}
