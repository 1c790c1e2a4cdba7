namespace Millrace.Streams.Status;

/// <summary>
/// How many records a topic gains a second, or rows a table, over a window of several flushes: from one look to the next a table gains all
/// rows of a flush or none. Where flushes are shorter than the time between two looks, the window is that time. Of one; one look at a time.
/// </summary>
/// <param name="flush">How often the table is flushed.</param>
sealed class GrowthRate(TimeSpan flush)
{
    /// <summary>In flushes: one more or one less in the window changes the rate by a quarter.</summary>
    const int Flushes = 4;

    /// <summary>Those of the window, and the youngest before it. Since the size was last unknown.</summary>
    readonly Queue<Look> _looks = new();

    Look? _last;

    /// <summary>When it was last seen to grow, or first seen.</summary>
    DateTimeOffset _grew;

    /// <summary>It has not grown for so long that a flush must have been in between.</summary>
    public bool IsStill => _last is { } last && _looks.Count > 1 && last.Time - _grew >= flush;

    /// <param name="at">When the size was so. The clock may have been set: what is before the last look begins anew.</param>
    /// <param name="size">null while nobody knows.</param>
    /// <returns>A second; null at the first look.</returns>
    public double? Next(DateTimeOffset at, long? size)
    {
        if (size is null || at < _last?.Time) Forget();
        if (size is not { } known) return null;
        // A table that is emptied, or whose rows expire, gains none by that.
        var gained = Math.Max(0, known - (_last?.Size ?? known));
        if (_last is null || gained > 0) _grew = at;
        var look = new Look(at, known, (_last?.Gained ?? 0) + gained);
        _last = look;
        _looks.Enqueue(look);
        while (_looks.Count > 2 && at - _looks.ElementAt(1).Time >= flush * Flushes) _looks.Dequeue();
        var from = _looks.Peek();
        return at > from.Time ? Math.Round((look.Gained - from.Gained) / (at - from.Time).TotalSeconds, 1) : null;
    }

    void Forget()
    {
        _looks.Clear();
        _last = null;
    }

    /// <param name="Gained">Since the first look.</param>
    readonly record struct Look(DateTimeOffset Time, long Size, long Gained);
}
