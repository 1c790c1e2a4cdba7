namespace Millrace.Cli.Supervision;

/// <summary>How long to wait before a dead service is started again. Not thread-safe: one runner owns it.</summary>
sealed class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A service that lived this long was healthy: its next death starts the row anew.</summary>
    static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    TimeSpan _next = First;

    public TimeSpan After(TimeSpan uptime)
    {
        if (uptime >= Healthy) _next = First;
        var pause = _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
        return pause;
    }
}
