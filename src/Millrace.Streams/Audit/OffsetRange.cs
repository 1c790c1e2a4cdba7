namespace Millrace.Streams.Audit;

/// <summary>Offsets of one partition from <paramref name="From"/>, inclusive, to <paramref name="To"/>, exclusive. Immutable.</summary>
public readonly record struct OffsetRange(long From, long To)
{
    public long Count => To - From;

    /// <summary>As people write it: both ends inclusive, one number when they are the same.</summary>
    public override string ToString() => Count == 1 ? $"{From}" : $"{From}-{To - 1}";

    /// <param name="offsets">In order, none twice.</param>
    internal static IEnumerable<OffsetRange> FromOffsets(IEnumerable<long> offsets) =>
        Join(offsets.Select(offset => new OffsetRange(offset, offset + 1)), closerThan: 1);

    /// <summary>Joins ranges that lie close together: reading what is between them costs less than beginning anew.</summary>
    /// <param name="ranges">In order, none overlapping.</param>
    internal static IEnumerable<OffsetRange> Join(IEnumerable<OffsetRange> ranges, long closerThan)
    {
        OffsetRange? open = null;
        foreach (var range in ranges)
        {
            if (open is { } before && range.From - before.To < closerThan)
            {
                open = before with { To = range.To };
                continue;
            }
            if (open is { } done) yield return done;
            open = range;
        }
        if (open is { } last) yield return last;
    }
}
