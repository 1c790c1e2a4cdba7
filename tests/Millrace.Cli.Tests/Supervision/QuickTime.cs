namespace Millrace.Cli.Tests.Supervision;

/// <summary>Timers are due in a thousandth of the time.</summary>
class QuickTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    static TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / 1000 : time;
}
