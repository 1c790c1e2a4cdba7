using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Http;

/// <summary>The ids of the queries that run now, and how many may. Thread-safe.</summary>
sealed class RunningQueries(int limit)
{
    /// <summary>replace_running_query_max_wait_ms of ClickHouse.</summary>
    static readonly TimeSpan ReplaceLimit = TimeSpan.FromSeconds(5);

    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    readonly ConcurrentDictionary<string, bool> _ids = new();
    readonly SemaphoreSlim _free = new(limit);

    /// <summary>Holds the id until the result is disposed of.</summary>
    /// <exception cref="EngineException">Too many queries, or the id is taken.</exception>
    public IDisposable Enter(string id)
    {
        if (!_free.Wait(0))
        {
            throw new EngineException(
                ErrorCodes.TooManySimultaneousQueries,
                "TOO_MANY_SIMULTANEOUS_QUERIES",
                $"Too many simultaneous queries. Maximum: {limit}.");
        }
        if (_ids.TryAdd(id, true)) return new Slot(this, id);
        _free.Release();
        throw SameId($"Query with id = {id} is already running.");
    }

    /// <summary>The same for a request with replace_running_query: a query with its id is told to end first.</summary>
    /// <exception cref="EngineException">It has not ended within <see cref="ReplaceLimit"/>.</exception>
    public async Task<IDisposable> ReplaceAsync(string id, Action kill, CancellationToken cancellation)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(LookInterval, cancellation))
        {
            if (!_ids.ContainsKey(id)) return Enter(id);
            if (Stopwatch.GetElapsedTime(started) > ReplaceLimit)
                throw SameId($"Query with id = {id} is already running and can't be stopped.");
            await EngineThread.RunAsync(kill);
        }
    }

    static EngineException SameId(string what) =>
        new(ErrorCodes.QueryWithSameIdIsAlreadyRunning, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", what);

    /// <summary>Lets no more queries in and waits for those inside.</summary>
    /// <returns>False when some are still inside after <paramref name="timeout"/>.</returns>
    public async Task<bool> DrainAsync(TimeSpan timeout)
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
