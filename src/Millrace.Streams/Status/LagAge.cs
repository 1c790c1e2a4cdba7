namespace Millrace.Streams.Status;

/// <summary>
/// How long the oldest record that is not stored yet has waited, from what was seen of the topic's end: no record is read for it, so
/// it is right within a second. As Burrow and kafka-lag-exporter do, the time between two looks is shared out evenly among the records that
/// came in it. Of one topic; one look at a time.
/// </summary>
sealed class LagAge
{
    /// <summary>In looks, one a second: as long as the history of the status.</summary>
    const int Longest = 3600;

    readonly Queue<(DateTimeOffset Time, long End)> _ends = new();
    long _last;

    /// <param name="end">Log end offset, summed over the partitions.</param>
    /// <param name="lag">Records before it that are not committed.</param>
    /// <returns>Seconds; 0 without a lag, null where the oldest record was there before the first look.</returns>
    public double? Look(DateTimeOffset now, long end, long lag)
    {
        // A topic that was made anew.
        if (end < _last) _ends.Clear();
        _last = end;
        _ends.Enqueue((now, end));
        var reached = end - lag;
        while (_ends.Count > Longest || (_ends.Count > 1 && _ends.ElementAt(1).End <= reached)) _ends.Dequeue();
        if (lag <= 0) return 0;
        if (_ends.Count < 2 || _ends.Peek().End > reached) return null;
        var (from, to) = (_ends.Peek(), _ends.ElementAt(1));
        var appended = from.Time + (to.Time - from.Time) * ((double)(reached - from.End) / (to.End - from.End));
        return Math.Round((now - appended).TotalSeconds, 1);
    }
}
