using Millrace.Cli.Documents;
using Millrace.Meters;

namespace Millrace.Cli.Roles;

/// <summary>Tells a role's supervisor each second what the instruments of its process have measured, from its making to its end.</summary>
sealed class RoleMeters : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly MeterCollector _collector = new(TimeProvider.System);
    readonly Timer _timer;

    RoleMeters() => _timer = new Timer(static meters => ((RoleMeters)meters!).Tell(), this, Interval, Timeout.InfiniteTimeSpan);

    /// <summary>null for a role that has no supervisor to tell.</summary>
    public static RoleMeters? Start() => RoleLifetime.IsSupervised ? new RoleMeters() : null;

    public void Dispose()
    {
        // Without waiting: one that is being told now finds its timer gone.
        _timer.Dispose();
        _collector.Dispose();
    }

    void Tell()
    {
        RoleOutput.Write(new RoleEvent(RoleEvent.Metered) { Readings = _collector.Read() });
        try { _timer.Change(Interval, Timeout.InfiniteTimeSpan); }
        catch (ObjectDisposedException) { /* The role has ended. */ }
    }
}
