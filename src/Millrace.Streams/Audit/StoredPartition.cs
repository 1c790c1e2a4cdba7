namespace Millrace.Streams.Audit;

/// <summary>What target table and dead letters together hold of one partition. Immutable.</summary>
/// <param name="Rows">In the target table.</param>
/// <param name="DeadLetters">In the dead letters.</param>
/// <param name="LowestRow">The lowest offset in the target table; null when it holds none.</param>
/// <param name="Highest">Offset, inclusive; null when nothing is stored.</param>
/// <param name="Distinct">Different offsets.</param>
/// <param name="DistinctRead">Different offsets of those that should be stored (<see cref="PartitionOffsets.Expected"/>).</param>
sealed record StoredPartition(long Rows, long DeadLetters, long? LowestRow, long? Highest, long Distinct, long DistinctRead)
{
    public static StoredPartition None { get; } = new(0, 0, null, null, 0, 0);
}
