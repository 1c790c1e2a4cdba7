using Millrace.Streams.Definition;
using Millrace.Streams.Letters;

namespace Millrace.Streams.Replay;

/// <summary>What a replay did, or would do. Immutable.</summary>
/// <param name="Table">Where the rows are.</param>
/// <param name="Records">That were read and have a value.</param>
/// <param name="Added">Rows that were not there.</param>
/// <param name="Stored">Offsets whose rows were there.</param>
/// <param name="Refused">
/// Are no events by the definition of now, and have a dead letter already; into another table, whether they have or not.
/// </param>
/// <param name="DeadLetters">Are no events, and have a dead letter now that they had not.</param>
/// <param name="Dropped">Left, as somebody gave their dead letter up.</param>
/// <param name="Empty">Records without a value.</param>
/// <param name="Ahead">Left: the stream has not read that far, and stores them itself.</param>
/// <param name="Reasons">Why records are refused, the commonest first; told by a dry run alone.</param>
public sealed record ReplayReport(
    string Stream, string Topic, string Table, bool DryRun, IReadOnlyList<ReplayedPartition> Partitions, long Records, long Added,
    long Stored, long Refused, long DeadLetters, long Dropped, long Empty, long Ahead, IReadOnlyList<ReasonCount> Reasons)
{
    internal static ReplayReport Of(StreamDefinition stream, ReplayOrder order, IReadOnlyList<ReplayedPartition> partitions) => new(
        stream.Name, stream.Topic, stream.TargetTable, order.IsDry, partitions, 0, 0, 0, 0, 0, 0, 0,
        partitions.Sum(one => one.Ahead), []);
}

/// <summary>A partition that is replayed. Immutable.</summary>
/// <param name="From">The first offset, inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="LogStart">The lowest offset that the topic still has.</param>
/// <param name="IsCut">Retention has taken records that were asked for, or may have.</param>
/// <param name="Ahead">Offsets that were asked for, from <paramref name="To"/> on, which the stream has not read.</param>
public sealed record ReplayedPartition(int Partition, long From, long To, long LogStart, bool IsCut, long Ahead);

/// <summary>How far a replay is. Immutable.</summary>
/// <param name="Done">Offsets, of <paramref name="Total"/>.</param>
/// <param name="SoFar">What came of them.</param>
public sealed record ReplayProgress(long Done, long Total, ReplayReport SoFar);
