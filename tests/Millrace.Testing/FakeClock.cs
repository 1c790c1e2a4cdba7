namespace Millrace.Testing;

/// <summary>A clock that stands still until a test moves it. Timers fire while it is moved, in the order they are due, on the thread that moves it.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class FakeClock : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<Timer> _timers = [];
    long _ticks;

    public FakeClock() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public FakeClock(DateTimeOffset now) => _ticks = now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>In ms since 1970.</summary>
    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public void Advance(TimeSpan by)
    {
        var target = Volatile.Read(ref _ticks) + by.Ticks;
        while (TakeDue(target) is { } timer)
        {
            Volatile.Write(ref _ticks, Math.Max(timer.TakenDue, Volatile.Read(ref _ticks)));
            timer.Fire();
        }
        Volatile.Write(ref _ticks, target);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock) _timers.Add(timer);
        return timer;
    }

    Timer? TakeDue(long target)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            next?.Take();
            return next;
        }
    }

    sealed class Timer(FakeClock clock, Action callback) : ITimer
    {
        TimeSpan _period;

        /// <summary>In ticks of the clock; never, where it is not set.</summary>
        public long Due { get; private set; } = long.MaxValue;

        public long TakenDue { get; private set; }

        public void Take()
        {
            TakenDue = Due;
            Due = _period > TimeSpan.Zero ? Due + _period.Ticks : long.MaxValue;
        }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // As the system's timers do.
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            lock (clock._lock)
            {
                _period = period;
                Due = dueTime < TimeSpan.Zero ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
