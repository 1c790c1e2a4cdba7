namespace Millrace.Streams.Status;

/// <summary>
/// Hands each status document to whoever wants it, and keeps those of the last hour: one process looks at the servers, any number of
/// readers see what it saw. Any thread may call; nothing here waits for a reader.
/// </summary>
public sealed class StatusHub
{
    readonly Lock _lock = new();
    readonly List<StatusSubscription> _subscriptions = [];
    readonly StatusHistory _history = new();
    StatusDocument? _last;

    /// <summary>null before the first.</summary>
    public StatusDocument? Last { get { lock (_lock) return _last; } }

    /// <summary>How many readers there are now.</summary>
    public int Readers { get { lock (_lock) return _subscriptions.Count; } }

    /// <param name="document">Of another feed than the last: the past is forgotten, its numbers mean nothing any more.</param>
    public void Publish(StatusDocument document)
    {
        lock (_lock)
        {
            if (_last?.Feed != document.Feed) _history.Clear();
            _history.Add(document);
            _last = document;
            foreach (var subscription in _subscriptions) subscription.Offer(document);
        }
    }

    /// <summary>
    /// Hears of every document from now on, until it is disposed. The past it gets is complete: it is registered in the same moment.
    /// </summary>
    /// <param name="feed">Of the last document that the reader knows; null where it knows none.</param>
    /// <param name="after">That document's number.</param>
    public StatusSubscription Subscribe(string? feed = null, long after = 0)
    {
        lock (_lock)
        {
            var past = _history.After(feed is not null && feed == _last?.Feed ? after : 0);
            var subscription = new StatusSubscription(past, feed, after, Forget);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>No document follows: every reader's sequence ends.</summary>
    public void End()
    {
        lock (_lock)
            foreach (var subscription in _subscriptions) subscription.End();
    }

    void Forget(StatusSubscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription);
    }
}
