using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Looks up in a partition the offsets that no table holds, piece by piece, until it is plain that records are missing.</summary>
/// <param name="logStart">Inclusive.</param>
/// <param name="findAsync">Gives the first gaps in a range, so many at most, in order.</param>
/// <param name="read">Gives the records from one offset, inclusive, to another, exclusive.</param>
/// <param name="most">
/// Gaps that are asked for in one go, and offsets that are looked up in one go: they bound what is held in memory.
/// </param>
sealed class GapSearch(
    long logStart,
    Func<OffsetRange, int, Task<IReadOnlyList<OffsetRange>>> findAsync,
    Func<OffsetRange, IEnumerable<RecordSummary>> read,
    int most)
{
    /// <summary>
    /// Nobody needs more lost records to believe it, and after a TRUNCATE the whole topic is. What comes behind them counts as missing
    /// unseen.
    /// </summary>
    public const int EnoughLost = 10_000;

    public async Task<GapFindings> RunAsync(OffsetRange expected, CancellationToken cancellation)
    {
        var found = GapFindings.Nothing;
        for (var left = expected; left.Count > 0;)
        {
            var gaps = await findAsync(left, most).ConfigureAwait(false);
            foreach (var piece in Pieces(gaps))
            {
                cancellation.ThrowIfCancellationRequested();
                found += found.Lost >= EnoughLost
                    ? GapFindings.NotExamined(piece)
                    : await Task.Run(() => GapFindings.Examine(piece, logStart, read), cancellation).ConfigureAwait(false);
            }
            if (gaps.Count < most || found.Lost >= EnoughLost) return found;
            left = left with { From = gaps[^1].To };
        }
        return found;
    }

    /// <summary>The gaps in groups of no more than <see cref="most"/> offsets; a larger one is split.</summary>
    IEnumerable<IReadOnlyList<OffsetRange>> Pieces(IReadOnlyList<OffsetRange> gaps)
    {
        var (piece, room) = (new List<OffsetRange>(), (long)most);
        foreach (var gap in gaps)
            for (var rest = gap; rest.Count > 0;)
            {
                var part = rest with { To = Math.Min(rest.To, rest.From + room) };
                piece.Add(part);
                (rest, room) = (rest with { From = part.To }, room - part.Count);
                if (room > 0) continue;
                yield return piece;
                (piece, room) = ([], most);
            }
        if (piece.Count > 0) yield return piece;
    }
}
