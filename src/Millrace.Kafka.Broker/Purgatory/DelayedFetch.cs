using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Purgatory;

/// <summary>
/// One Fetch that waits for bytes: woken by an append to any partition it reads, by the end of one, by its deadline, or by the end of its
/// connection. It holds no thread.
/// </summary>
/// <remarks>
/// Used by one request; the wake-ups come from any thread. Partitions are entered before they are read, so that an append between the
/// reading and the waiting is not missed: <see cref="Rearm"/>, read, <see cref="WaitAsync"/>.
/// </remarks>
sealed class DelayedFetch : IDisposable
{
    readonly PartitionLog[] _logs;
    readonly ITimer _deadline;
    readonly CancellationTokenRegistration _aborted;
    volatile TaskCompletionSource _wake = NewWake();
    volatile bool _expired;

    public DelayedFetch(IEnumerable<PartitionLog> logs, TimeSpan maxWait, TimeProvider clock, CancellationToken aborted)
    {
        _logs = [.. logs];
        foreach (var log in _logs) log.Changed += Wake;
        _deadline = clock.CreateTimer(static fetch => ((DelayedFetch)fetch!).Expire(), this, maxWait, Timeout.InfiniteTimeSpan);
        _aborted = aborted.UnsafeRegister(static fetch => ((DelayedFetch)fetch!).Wake(), this);
    }

    /// <summary>Whether the deadline has passed: what there is goes out, however little.</summary>
    public bool Expired => _expired;

    /// <summary>Forgets wake-ups so far, but not the deadline.</summary>
    public void Rearm()
    {
        _wake = NewWake();
        if (_expired) Wake();
    }

    public Task WaitAsync() => _wake.Task;

    public void Dispose()
    {
        foreach (var log in _logs) log.Changed -= Wake;
        _deadline.Dispose();
        _aborted.Dispose();
    }

    void Expire()
    {
        _expired = true;
        Wake();
    }

    void Wake() => _wake.TrySetResult();

    // Asynchronously, because an append wakes it: the producer must not pay for the consumer's read.
    static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
