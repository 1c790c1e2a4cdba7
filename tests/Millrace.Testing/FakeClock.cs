namespace Millrace.Testing;

/// <summary>A clock that stands still until a test moves it. Timers do not fire.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class FakeClock : TimeProvider
{
    long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>In ms since 1970.</summary>
    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
