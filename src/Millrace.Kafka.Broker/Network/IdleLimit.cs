namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// Says when no whole request has come and no answer gone for connections.max.idle.ms, a parked request or not (Apache Kafka,
/// Selector.java: IdleExpiryManager; there a part of a request counts too). A peer that vanished without a word can't hold a connection
/// longer than that.
/// </summary>
/// <remarks>Touched by the connection; expires once, on a timer's thread.</remarks>
sealed class IdleLimit : IDisposable
{
    readonly TimeSpan _limit;
    readonly TimeProvider _clock;
    readonly Action _expired;
    readonly ITimer _timer;
    long _touched; // a timestamp of the clock

    public IdleLimit(TimeSpan limit, TimeProvider clock, Action expired)
    {
        (_limit, _clock, _expired) = (limit, clock, expired);
        Touch();
        _timer = clock.CreateTimer(static idle => ((IdleLimit)idle!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something moved. Costs a clock reading: the timer looks at it only when it fires.</summary>
    public void Touch() => Volatile.Write(ref _touched, _clock.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    void Check()
    {
        var left = _limit - _clock.GetElapsedTime(Volatile.Read(ref _touched));
        if (left <= TimeSpan.Zero) _expired();
        else _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
