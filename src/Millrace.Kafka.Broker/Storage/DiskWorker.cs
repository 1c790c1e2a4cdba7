using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// The one thread for what a disk takes long to do: fsync of full segments, unlinking of large files. It holds up neither a producer nor
/// the threads of the pool, which serve all sockets, and the device gets one piece of it at a time.
/// </summary>
/// <remarks>Thread-safe.</remarks>
sealed class DiskWorker : IDisposable
{
    readonly BlockingCollection<(string What, Action Work)> _waiting = [];
    readonly Thread _thread;
    readonly ILogger _logger;

    public DiskWorker(ILogger logger)
    {
        _logger = logger;
        _thread = new(DoAll) { Name = "disk worker", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Does the work after all that came before it. Not to be called when <see cref="Dispose"/> has been.</summary>
    /// <param name="what">Names the work and what it is about, for the log.</param>
    public void Enqueue(string what, Action work) => _waiting.Add((what, work));

    /// <summary>Returns when all work is done.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    void DoAll()
    {
        foreach (var (what, work) in _waiting.GetConsumingEnumerable()) Background.Run(_logger, what, work);
    }
}
