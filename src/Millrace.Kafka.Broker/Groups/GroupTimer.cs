using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>One deadline of one group.</summary>
/// <remarks>
/// Set and cancelled under the group's lock; what it starts runs under that lock too, and never after <see cref="Cancel"/>. Should that
/// fail, the group stays as it was then: its members' next requests move it on.
/// </remarks>
sealed class GroupTimer(Group group, TimeProvider clock, ILogger logger) : IDisposable
{
    ITimer? _timer;
    Action? _expired;
    long _due; // a timestamp of the clock

    /// <summary>Replaces what was set before.</summary>
    public void Set(TimeSpan delay, Action expired)
    {
        _expired = expired;
        _due = clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency);
        _timer ??= clock.CreateTimer(static timer => ((GroupTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void Cancel() => _expired = null;

    public void Dispose()
    {
        Cancel();
        _timer?.Dispose();
    }

    void Fire()
    {
        lock (group.Gate)
        {
            if (_expired is not { } expired) return;
            // While this thread waited for the lock, a heartbeat may have moved the deadline.
            var left = clock.GetElapsedTime(clock.GetTimestamp(), _due);
            if (left > TimeSpan.Zero)
            {
                _timer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }
            Cancel();
            Background.Run(logger, $"a deadline of group {group.Id}", expired);
        }
    }
}
