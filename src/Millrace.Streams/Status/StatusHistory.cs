namespace Millrace.Streams.Status;

/// <summary>
/// The documents of the last 60 minutes: all of the last five, of those before one in five seconds and those in which something happened.
/// So a stand of fifty streams keeps 10 MB. Not for several threads at once.
/// </summary>
sealed class StatusHistory
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(60);

    static readonly TimeSpan Whole = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    readonly Queue<StatusDocument> _thinned = new();
    readonly Queue<StatusDocument> _whole = new();
    DateTimeOffset _lastThinned;

    public void Add(StatusDocument document)
    {
        _whole.Enqueue(document);
        // By number too: a clock that is set back would keep them all.
        while (_whole.Count > Whole.TotalSeconds || _whole.Peek().Time < document.Time - Whole) Thin(_whole.Dequeue());
        while (_thinned.TryPeek(out var oldest) && oldest.Time < document.Time - Length) _thinned.Dequeue();
    }

    /// <returns>Oldest first.</returns>
    /// <param name="number">Those that come after it; 0 for all.</param>
    public IReadOnlyList<StatusDocument> After(long number) =>
        [.. _thinned.Concat(_whole).SkipWhile(document => document.Number <= number)];

    public void Clear()
    {
        _thinned.Clear();
        _whole.Clear();
        _lastThinned = default;
    }

    void Thin(StatusDocument document)
    {
        if (document.Events.Count == 0 && document.Time - _lastThinned < Step) return;
        _thinned.Enqueue(document);
        _lastThinned = document.Time;
    }
}
