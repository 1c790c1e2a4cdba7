namespace Millrace.Streams.Events;

/// <summary>
/// The moments at which events are due at a steady rate, however late they are made: what waits for Kafka is as late as it is, and nothing
/// is left out (open loop; https://github.com/giltene/wrk2 says what is measured otherwise). For one thread.
/// </summary>
/// <param name="perSecond">Above 0.</param>
sealed class Schedule(double perSecond, TimeProvider time)
{
    readonly long _started = time.GetTimestamp();
    readonly DateTimeOffset _startedAt = time.GetUtcNow();
    long _made;

    /// <summary>When the next event is due, or was.</summary>
    public DateTimeOffset Next => _startedAt.AddTicks((long)Math.Round(_made * (TimeSpan.TicksPerSecond / perSecond)));

    /// <summary>How many events are due by now and not made.</summary>
    public long Due => Math.Max(0, (long)(time.GetElapsedTime(_started).TotalSeconds * perSecond) + 1 - _made);

    public void Made() => _made++;
}
