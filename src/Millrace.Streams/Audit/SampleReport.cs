namespace Millrace.Streams.Audit;

/// <summary>What became of records taken at random, looked at one by one. Immutable.</summary>
/// <param name="Seed">By which the same offsets are taken again, as long as the topics begin where they did.</param>
/// <param name="Records">That were looked at: they are in their topics, and were read by ClickHouse before.</param>
/// <param name="Rows">Records that are a row.</param>
/// <param name="DeadLetters">Records that are a dead letter, and no row.</param>
/// <param name="Tombstones">Records without a value, which become neither.</param>
/// <param name="Unread">
/// Offsets that hold no record for a consumer (a transaction marker, compaction), or whose record did not come.
/// </param>
/// <param name="Values">Fields that were compared with a column, keys and messages of dead letters too.</param>
/// <param name="NotCompared">
/// Fields that this way can't compare: of types made of others, in a form that is not the commonest, or rows older than the column.
/// </param>
public sealed record SampleReport(
    int Seed, long Records, long Rows, long DeadLetters, long Tombstones, long Unread, long Values, long NotCompared,
    IReadOnlyList<SampleDifference> Differences);

/// <summary>What is not as it was sent. Immutable.</summary>
/// <param name="Column">null: it is of the whole record.</param>
/// <param name="Sent">As in the record; null where it is of the whole record.</param>
/// <param name="Stored">As ClickHouse shows it; null for NULL, and where it is of the whole record.</param>
/// <param name="Sentence">All of it, for people.</param>
public sealed record SampleDifference(
    string Topic, int Partition, long Offset, string? Column, string? Sent, string? Stored, string Sentence);
