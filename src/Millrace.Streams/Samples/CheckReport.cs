namespace Millrace.Streams.Samples;

/// <summary>What a check found. Immutable.</summary>
/// <param name="Records">Every one or, of more than <see cref="MostListed"/>, only those that are not as expected, and of these the
/// first.</param>
/// <param name="NotListed">Those that are not as expected and not in <paramref name="Records"/> either.</param>
/// <param name="Seconds">From the first record sent to the last one judged.</param>
public sealed record CheckReport(IReadOnlyList<StreamCheck> Streams, IReadOnlyList<SampleVerdict> Records, long NotListed, double Seconds)
{
    /// <summary>Enough for a list that people read and CI systems show.</summary>
    public const int MostListed = 1000;

    /// <summary>Every record is as expected.</summary>
    public bool IsWell => Streams.All(stream => stream.Failed == 0);
}

/// <summary>The records of one stream, counted. Immutable.</summary>
/// <param name="File">Of its definition.</param>
/// <param name="Records">Those sent.</param>
/// <param name="Failed">Those that are not as expected.</param>
public sealed record StreamCheck(string Stream, string Topic, string File, long Records, long Failed);

/// <summary>One record, and what became of it. Immutable.</summary>
/// <param name="File">Of the sample.</param>
/// <param name="Line">From 1.</param>
/// <param name="Outcome"><c>row</c>, <c>dead_letter</c> or <c>nothing</c>.</param>
/// <param name="Row">ClickHouse's text of each column; null where it is no row.</param>
/// <param name="Reason">Why it is a dead letter; null where it is none.</param>
/// <param name="FailedColumns">Of a dead letter.</param>
/// <param name="Expected">As <paramref name="Outcome"/>.</param>
/// <param name="Fault">What is not as the sample expects; null where all is.</param>
public sealed record SampleVerdict(
    string Stream, string File, long Line, string? Name, int Partition, long Offset, string Outcome,
    IReadOnlyDictionary<string, string?>? Row, string? Reason, IReadOnlyList<string> FailedColumns, string Expected, string? Fault);
