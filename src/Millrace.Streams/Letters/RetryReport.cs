using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>What a retry did with the letters of a stream that waited, or would do. Immutable.</summary>
/// <param name="DeadLetterTable">Where the letters are.</param>
/// <param name="Letters">That were looked at.</param>
/// <param name="Passed">Are rows now; with those that were before, and were not marked.</param>
/// <param name="Failed">Are no events by the definition of now.</param>
/// <param name="Ahead">
/// Wait until the flow is past them: neither is a later row of their partition stored, nor has the group committed their offset.
/// </param>
/// <param name="Untried">
/// Left when the limit was reached: nobody asked which of them would pass, unless it is a dry run. With <see cref="HeadersUnknown"/>.
/// </param>
/// <param name="Reasons">Why letters fail now, the commonest first; told by a dry run alone.</param>
public sealed record RetryReport(
    string Stream, string Topic, string TargetTable, string DeadLetterTable, bool DryRun, long Letters, long Passed, long Failed,
    long Ahead, long Untried, IReadOnlyList<ReasonCount> Reasons)
{
    /// <summary>
    /// Left because a column reads a header, and the letter is of a version that kept none: its row would say that there was none.
    /// </summary>
    public long HeadersUnknown { get; init; }

    internal static RetryReport Of(StreamDefinition stream, string table) =>
        new(stream.Name, stream.Topic, stream.TargetTable, table, DryRun: false, 0, 0, 0, 0, 0, []);
}

/// <summary>Letters with one reason, which quotes no values. Immutable.</summary>
public sealed record ReasonCount(string Reason, long Letters);
