namespace Millrace.Streams.Audit;

/// <summary>What target table and dead letters together hold of one partition. Immutable.</summary>
/// <param name="Rows">In the target table.</param>
/// <param name="DeadLetters">In the dead letters, whatever became of them.</param>
/// <param name="LowestRow">
/// The lowest offset in the target table of what is no dead letter; null when it holds none. One that was sent again may be of long before.
/// </param>
/// <param name="Highest">Offset, inclusive; null when nothing is stored.</param>
/// <param name="Distinct">Different offsets.</param>
/// <param name="DistinctRead">Different offsets of those that should be stored (<see cref="PartitionOffsets.Expected"/>).</param>
sealed record StoredPartition(long Rows, long DeadLetters, long? LowestRow, long? Highest, long Distinct, long DistinctRead)
{
    /// <summary>Records whose row and whose dead letter are there: sent again, or about to be marked so.</summary>
    public long Retried { get; init; }

    /// <summary>Dead letters that were dropped, and have no row.</summary>
    public long Dropped { get; init; }

    /// <summary>Dead letters that are neither rows nor dropped; one that is there twice counts twice.</summary>
    public long Waiting => Math.Max(0, DeadLetters - Retried - Dropped);

    /// <summary>Beyond the first of each offset within a table; a record that is a row and a letter is one.</summary>
    public long Twice => Rows + DeadLetters - Distinct - Retried;

    public static StoredPartition None { get; } = new(0, 0, null, null, 0, 0);
}
