using Millrace.Streams.Rates;

namespace Millrace.Streams.Events;

/// <summary>
/// Says how many events are due: a rate in small steps, exactly as many as its profile has by now,
/// and after a pause at most twice that rate until the delay is made up for. For one thread.
/// </summary>
sealed class Pacer
{
    /// <summary>How often to ask: short enough that a second has no visible bursts; half of it would cost 3 % of a core more.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <summary>What fell due longer ago than this is not made up for: live traffic does not come back later.</summary>
    static readonly TimeSpan LongestDebt = TimeSpan.FromSeconds(1);

    /// <summary>A late timer on a busy machine is no pause; it may be made up for at once.</summary>
    static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(50);

    readonly TimeProvider _time;
    readonly RateProfile _profile;
    readonly double _age; // seconds of the profile that had passed when this began
    readonly long _began;
    double _asked; // in seconds of the profile
    double _owed;

    /// <param name="perSecond">Above 0.</param>
    public Pacer(double perSecond, TimeProvider time) : this(new ConstantRate(perSecond), TimeSpan.Zero, time)
    {
    }

    /// <param name="age">How much of the profile has passed already.</param>
    public Pacer(RateProfile profile, TimeSpan age, TimeProvider time)
    {
        (_profile, _time) = (profile, time);
        _began = time.GetTimestamp();
        _asked = _age = age.TotalSeconds;
    }

    /// <summary>Events a second at this moment.</summary>
    public double PerSecond => _profile.At(Now);

    double Now => _age + _time.GetElapsedTime(_began).TotalSeconds;

    /// <summary>How many events to make now. Those not reported by <see cref="Made"/> stay due.</summary>
    public int Due()
    {
        var now = Now;
        var elapsed = now - _asked;
        var due = Between(_asked, now);
        _asked = now;
        if (elapsed <= 0) return (int)Math.Min(_owed, 1);
        // Over what a debt may be of; shorter at the beginning.
        var window = Math.Min(LongestDebt.TotalSeconds, now - _age);
        var recent = Between(now - window, now);
        // 1 more, for the part of an event that is owed since before.
        _owed = Math.Min(_owed + due, 1 + recent);
        var step = Math.Min(elapsed, LongestStep.TotalSeconds);
        return (int)Math.Min(_owed, Math.Max(1, 2 * step * Math.Max(due / elapsed, recent / window)));
    }

    public void Made(int events) => _owed -= events;

    double Between(double from, double to) => _profile.DueBy(to) - _profile.DueBy(from);
}
