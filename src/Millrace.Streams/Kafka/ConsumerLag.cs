namespace Millrace.Streams.Kafka;

/// <summary>How many records a group has yet to read of one partition.</summary>
static class ConsumerLag
{
    /// <summary>
    /// Records that the partition still has and the group has not committed.
    /// Kafka's kafka-consumer-groups.sh subtracts without the log start offset (getLag in ConsumerGroupCommand.java):
    /// what retention dropped unread then looks as if it were to come,
    /// and a group without a committed offset, which begins at the log start, has no lag.
    /// What was dropped unread is the audit's to tell.
    /// </summary>
    /// <param name="committed">The next offset the group will read; null: it has committed none.</param>
    /// <param name="logStart">Inclusive; null: not known.</param>
    /// <param name="logEnd">Exclusive; null: not known.</param>
    public static long? Of(long? committed, long? logStart, long? logEnd) =>
        logStart is { } start && logEnd is { } end ? Of(committed, start, end) : null;

    /// <inheritdoc cref="Of(long?, long?, long?)"/>
    public static long Of(long? committed, long logStart, long logEnd) => Math.Max(0, logEnd - Math.Max(committed ?? logStart, logStart));
}
