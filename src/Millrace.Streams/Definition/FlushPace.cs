namespace Millrace.Streams.Definition;

/// <summary>
/// How often queue tables flush. A flush of few rows costs as much as a small query, and what it costs is analysis of the views and not
/// rows: fifty streams that flush five times a second want more than two cores, whatever flows.
/// </summary>
static class FlushPace
{
    /// <summary>In milliseconds, what a definition may state. A poll waits up to 50 ms for more.</summary>
    public const int Shortest = 50, Longest = 60_000;

    /// <summary>
    /// In milliseconds. It keeps p99 from event to row below 300 ms and costs about 0.15 cores less than 100 ms
    /// (docs/decisions/0002-exactly-once.md).
    /// </summary>
    public const int OfFewStreams = 200;

    const int ManyStreams = 10;

    /// <summary>
    /// Twice as long for each doubling from <see cref="ManyStreams"/> on, so that all streams together flush fewer than fifty times a
    /// second. In steps: another interval makes a queue table anew, and a stream more should not do that to all the others.
    /// </summary>
    /// <returns>Milliseconds.</returns>
    public static int IntervalFor(int streams)
    {
        var interval = OfFewStreams;
        for (var many = ManyStreams; streams >= many; many *= 2) interval *= 2;
        return interval;
    }
}
