namespace Millrace.Page.Stand;

/// <summary>
/// One answer for all who ask: who comes while it is made gets the one that is made, and who comes soon after it the same once more.
/// Trouble is an answer like others, so a server that is away is not asked by each viewer. Any thread.
/// </summary>
/// <param name="make">Makes one; told when the page ends.</param>
/// <param name="keep">How old an answer may be, from when it was begun; zero: each is made for those alone who wait for it.</param>
sealed class Shared<T>(Func<Task<T>> make, TimeSpan keep, TimeProvider time)
{
    readonly Lock _lock = new();
    Task<T>? _last;
    long _begun; // a timestamp of the clock

    /// <param name="cancellation">Whoever asked has gone: the answer is made all the same, for the others.</param>
    public Task<T> GetAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_begun) >= keep))
            {
                _begun = time.GetTimestamp();
                _last = Task.Run(make, CancellationToken.None);
            }
            return _last.WaitAsync(cancellation);
        }
    }
}
