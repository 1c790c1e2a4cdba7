namespace Millrace.Streams.Events;

/// <summary>
/// Says how many events are due: a steady rate in small steps,
/// and after a pause at most twice that rate until the delay is made up for. For one thread.
/// </summary>
sealed class Pacer
{
    /// <summary>How often to ask: short enough that a second has no visible bursts; half of it would cost 3 % of a core more.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <summary>What fell due in a longer pause than this is not made up for: live traffic does not come back later.</summary>
    static readonly TimeSpan LongestDebt = TimeSpan.FromSeconds(1);

    /// <summary>A late timer on a busy machine is no pause; it may be made up for at once.</summary>
    static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(50);

    readonly TimeProvider _time;
    readonly double _perSecond;
    long _asked;
    double _owed;

    /// <param name="perSecond">Above 0.</param>
    public Pacer(double perSecond, TimeProvider time)
    {
        _perSecond = perSecond;
        _time = time;
        _asked = time.GetTimestamp();
    }

    /// <summary>How many events to make now. Those not reported by <see cref="Made"/> stay due.</summary>
    public int Due()
    {
        var now = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_asked, now);
        _asked = now;
        _owed = Math.Min(_owed + (elapsed.TotalSeconds * _perSecond), Math.Max(1, LongestDebt.TotalSeconds * _perSecond));
        var step = Math.Min(elapsed.TotalSeconds, LongestStep.TotalSeconds);
        return (int)Math.Min(_owed, Math.Max(1, 2 * step * _perSecond));
    }

    public void Made(int events) => _owed -= events;
}
