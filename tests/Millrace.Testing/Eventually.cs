using System.Diagnostics;

namespace Millrace.Testing;

/// <summary>Waits for a condition instead of for a time: the only way a test here may wait.</summary>
public static class Eventually
{
    /// <summary>Generous on purpose: the machine has two cores and runs other things. A passing test never waits this long.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(2);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Polls until <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="limit"/>; the last exception thrown by it is inside.</exception>
    public static Task Holds(Func<bool> condition, string what, TimeSpan? limit = null) =>
        Holds(() => Task.FromResult(condition()), what, limit);

    /// <inheritdoc cref="Holds(Func{bool}, string, TimeSpan?)"/>
    public static Task Holds(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        Gives(condition, holds => holds, what, limit);

    /// <summary>Polls <paramref name="probe"/> until its answer is <paramref name="wanted"/>, and returns that answer.</summary>
    /// <exception cref="TimeoutException">No wanted answer within <paramref name="limit"/>; the message holds the last answer.</exception>
    public static async Task<T> Gives<T>(Func<Task<T>> probe, Func<T, bool> wanted, string what, TimeSpan? limit = null)
    {
        var started = Stopwatch.GetTimestamp();
        object? last = "no answer";
        while (true)
        {
            try
            {
                var answer = await probe();
                if (wanted(answer)) return answer;
                last = answer;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                last = e;
            }
            if (Stopwatch.GetElapsedTime(started) > (limit ?? DefaultLimit))
                throw new TimeoutException($"not within {limit ?? DefaultLimit}: {what}; last seen: {last}", last as Exception);
            await Task.Delay(Pause);
        }
    }
}
