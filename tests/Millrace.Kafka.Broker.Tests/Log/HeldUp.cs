using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Storage;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// A disk that takes its time: one kind of operation waits until it is released. The worker is its own, so that nobody else waits.
/// </summary>
sealed class HeldUp : IDisposable
{
    readonly ManualResetEventSlim _released = new();
    readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    int _now;

    /// <param name="operation">As <see cref="MemoryFileSystem.Fails"/> names it.</param>
    /// <param name="part">Of the paths that it waits for.</param>
    public HeldUp(MemoryFileSystem disk, string operation, string part)
    {
        disk.Fails = (name, path) =>
        {
            if (name == operation && path.Contains(part, StringComparison.Ordinal)) Wait();
            return false;
        };
    }

    public DiskWorker Worker { get; } = new(NullLogger.Instance);

    /// <summary>Done when the first of them waits.</summary>
    public Task Begun => _begun.Task.WaitAsync(Eventually.DefaultLimit);

    /// <summary>How many of them were under way at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Whether one of them kept a thread of the pool waiting.</summary>
    public bool OnThePool { get; private set; }

    public void Release() => _released.Set();

    public void Dispose()
    {
        Release();
        Worker.Dispose();
    }

    void Wait()
    {
        lock (_lock)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_now);
            OnThePool |= Thread.CurrentThread.IsThreadPoolThread;
        }
        _begun.TrySetResult();
        _released.Wait();
        lock (_lock) _now--;
    }
}
