using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>A batch that an idempotent producer has in the log. Sequences and offsets are inclusive.</summary>
/// <param name="Timestamp">The batch's maxTimestamp, in ms since 1970.</param>
readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public long BaseOffset => LastOffset - OffsetDelta;

    public int FirstSequence => LastSequence >= OffsetDelta
        ? LastSequence - OffsetDelta
        : (int)(LastSequence - OffsetDelta + int.MaxValue + 1L);

    public static ProducerBatch Of(in RecordBatchHeader batch) => new(batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestamp);
}
