using System.Collections.Concurrent;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Http;

/// <summary>The ids of the queries that run now, and how many may. Thread-safe.</summary>
sealed class RunningQueries(int limit)
{
    readonly ConcurrentDictionary<string, bool> _ids = new();
    readonly SemaphoreSlim _free = new(limit);

    /// <summary>Holds the id until the result is disposed of.</summary>
    /// <exception cref="EngineException">Too many queries, or the id is taken.</exception>
    public IDisposable Enter(string id)
    {
        if (!_free.Wait(0))
            throw new EngineException(ErrorCodes.TooManySimultaneousQueries, "TOO_MANY_SIMULTANEOUS_QUERIES", $"Too many simultaneous queries. Maximum: {limit}.");
        if (_ids.TryAdd(id, true)) return new Slot(this, id);
        _free.Release();
        throw new EngineException(ErrorCodes.QueryWithSameIdIsAlreadyRunning, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", $"Query with id = {id} is already running.");
    }

    /// <summary>Lets no more queries in and waits for those inside.</summary>
    /// <returns>False when some are still inside after <paramref name="timeout"/>.</returns>
    public async Task<bool> Drain(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            for (var taken = 0; taken < limit; taken++) await _free.WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    void Leave(string id)
    {
        _ids.TryRemove(id, out _);
        _free.Release();
    }

    sealed class Slot(RunningQueries queries, string id) : IDisposable
    {
        public void Dispose() => queries.Leave(id);
    }
}
