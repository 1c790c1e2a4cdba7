using System.Globalization;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// Sessions by their id, as src/Interpreters/Session.cpp of ClickHouse keeps them: one request at a time in each; one that nobody asks for
/// ends after its timeout. There is one user, so all of them are that user's. Thread-safe.
/// </summary>
sealed class Sessions(TimeProvider clock) : IDisposable
{
    /// <summary>Each may hold a connection to the engine (130 KB) and tables in memory.</summary>
    public const int Limit = 200;

    /// <summary>default_session_timeout and max_session_timeout of ClickHouse, in seconds.</summary>
    const int DefaultTimeout = 60, LongestTimeout = 3600;

    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _entries = [];
    bool _ended;

    /// <summary>Enters the session of a request, which it makes when there is none; held until the result is disposed of.</summary>
    /// <returns>null for a request without a session.</returns>
    /// <exception cref="EngineException">It is not there, in use, or one too many.</exception>
    public SessionLease? Enter(QueryRequest request)
    {
        if (request.SessionId is not { } id) return null;
        if (id.Length == 0)
            throw new EngineException(744, "SESSION_ID_EMPTY", "Session id query parameter was provided, but it was empty.");
        var timeout = Timeout(request.SessionTimeout);
        Entry entry;
        lock (_lock)
        {
            entry = Find(id, request.SessionMustExist);
            if (entry.InUse) throw new EngineException(373, "SESSION_IS_LOCKED", $"Session {id} is locked by a concurrent client.");
            entry.InUse = true;
            entry.Expiry?.Dispose();
        }
        return new SessionLease(entry.Session, () => Leave(entry, timeout, request.ClosesSession));
    }

    /// <summary>Ends all of them; those in use as soon as their request is over. New ones are refused.</summary>
    public void Dispose()
    {
        List<Entry> idle;
        lock (_lock)
        {
            _ended = true;
            idle = [.. _entries.Values.Where(entry => !entry.InUse)];
            foreach (var entry in idle) Remove(entry);
        }
        foreach (var entry in idle) entry.Session.Dispose();
    }

    static TimeSpan Timeout(string? text)
    {
        if (text is null) return TimeSpan.FromSeconds(DefaultTimeout);
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            throw Invalid($"Invalid session timeout: '{text}'.");
        return seconds <= LongestTimeout
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid($"Session timeout '{text}' is larger than max_session_timeout: {LongestTimeout}.");
    }

    static EngineException Invalid(string what) => new(374, "INVALID_SESSION_TIMEOUT", what);

    Entry Find(string id, bool mustExist)
    {
        if (_entries.TryGetValue(id, out var entry)) return entry;
        if (mustExist) throw new EngineException(372, "SESSION_NOT_FOUND", $"Session {id} not found.");
        if (_ended) throw new EngineException(763, "SESSION_REFUSED", "The server is stopping.");
        // Clients that make a session for each script leave many that keep nothing.
        if (_entries.Count >= Limit
            && _entries.Values.FirstOrDefault(other => !other.InUse && other.Session.IsBlank) is { } blank)
        {
            Remove(blank);
        }
        if (_entries.Count >= Limit)
        {
            throw new EngineException(
                700, "USER_SESSION_LIMIT_EXCEEDED", $"There are {Limit} sessions already: close some, or let them time out.");
        }
        return _entries[id] = new Entry(new Session(id));
    }

    void Leave(Entry entry, TimeSpan timeout, bool close)
    {
        bool ends;
        lock (_lock)
        {
            entry.InUse = false;
            ends = close || _ended || timeout == TimeSpan.Zero;
            var visit = ++entry.Visits;
            if (ends) Remove(entry);
            else entry.Expiry = clock.CreateTimer(_ => Expire(entry, visit), null, timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
        if (ends) entry.Session.Dispose();
    }

    void Expire(Entry entry, int visit)
    {
        lock (_lock)
        {
            // A request came in between, and is there or has been.
            if (entry.InUse || entry.Visits != visit || !_entries.ContainsValue(entry)) return;
            Remove(entry);
        }
        entry.Session.Dispose();
    }

    void Remove(Entry entry)
    {
        entry.Expiry?.Dispose();
        _entries.Remove(entry.Session.Id);
    }

    sealed class Entry(Session session)
    {
        public Session Session { get; } = session;

        public bool InUse { get; set; }

        /// <summary>Requests that have left.</summary>
        public int Visits { get; set; }

        public ITimer? Expiry { get; set; }
    }
}

/// <summary>A request's hold on its session.</summary>
sealed class SessionLease(Session session, Action leave) : IDisposable
{
    public Session Session { get; } = session;

    public void Dispose() => leave();
}
