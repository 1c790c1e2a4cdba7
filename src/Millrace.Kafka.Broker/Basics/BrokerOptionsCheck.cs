namespace Millrace.Kafka.Broker.Basics;

/// <summary>
/// Tells options that a broker can't run by, before it starts: some of them would end its retention or refuse every batch in silence.
/// </summary>
static class BrokerOptionsCheck
{
    /// <summary>The longest period of .NET's timers (PeriodicTimer).</summary>
    static readonly TimeSpan LongestPeriod = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>One sentence that begins with the name of the setting in Kafka; null for sound options.</summary>
    public static string? Refusal(BrokerOptions options) =>
        (string.IsNullOrWhiteSpace(options.DataDirectory) ? "log.dirs is empty: name a directory." : null)
        ?? Numbers(options)
        ?? Times(options);

    static string? Numbers(BrokerOptions options) =>
        Range("port", options.Port, 0, 65535)
        ?? Range("num.partitions", options.DefaultPartitions, 1, int.MaxValue)
        ?? Range("socket.request.max.bytes", options.MaxRequestBytes, 1, int.MaxValue)
        ?? Range("queued.max.request.bytes", options.QueuedMaxRequestBytes, 1, long.MaxValue)
        ?? Range("max.connections", options.MaxConnections, 1, int.MaxValue)
        ?? Range("message.max.bytes", options.MaxBatchBytes, 0, int.MaxValue)
        ?? Range("log.segment.bytes", options.SegmentBytes, 1, int.MaxValue)
        ?? Range("log.retention.bytes", options.RetentionBytes, -1, long.MaxValue)
        ?? Range("log.index.interval.bytes", options.IndexIntervalBytes, 0, int.MaxValue);

    static string? Times(BrokerOptions options) =>
        Range("connections.max.idle.ms", options.ConnectionsMaxIdle, Millisecond, LongestPeriod)
        ?? Range("log.roll.ms", options.SegmentAge, Millisecond, TimeSpan.MaxValue)
        ?? Range("log.retention.ms", options.RetentionTime ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.MaxValue)
        ?? Range("log.retention.check.interval.ms", options.RetentionCheckInterval, Millisecond, LongestPeriod)
        ?? Range("group.initial.rebalance.delay.ms", options.GroupInitialRebalanceDelay, TimeSpan.Zero, LongestPeriod)
        ?? Range("offsets.retention.minutes", options.OffsetsRetention, TimeSpan.FromMinutes(1), TimeSpan.MaxValue);

    /// <param name="least">Inclusive, as <paramref name="most"/>.</param>
    static string? Range<T>(string name, T value, T least, T most) where T : IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0 ? null : $"{name} is {value}: give it a value from {least} to {most}.";
}
