using System.Collections.Concurrent;

namespace Millrace.ClickHouse.Http;

/// <summary>The ids of the queries that run now. Thread-safe.</summary>
sealed class RunningQueries(int limit)
{
    readonly ConcurrentDictionary<string, bool> _ids = new();

    public IEnumerable<string> Ids => _ids.Keys;

    /// <summary>Holds the id until the result is disposed of.</summary>
    /// <exception cref="ClickHouseException">Too many queries, or the id is taken.</exception>
    public IDisposable Enter(string id)
    {
        if (_ids.Count >= limit)
            throw new ClickHouseException(ErrorCodes.TooManySimultaneousQueries, "TOO_MANY_SIMULTANEOUS_QUERIES", $"Too many simultaneous queries. Maximum: {limit}.");
        if (!_ids.TryAdd(id, true))
            throw new ClickHouseException(ErrorCodes.QueryWithSameIdIsAlreadyRunning, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", $"Query with id = {id} is already running.");
        return new Slot(_ids, id);
    }

    sealed class Slot(ConcurrentDictionary<string, bool> ids, string id) : IDisposable
    {
        public void Dispose() => ids.TryRemove(id, out _);
    }
}
