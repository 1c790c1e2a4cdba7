using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// What one partition remembers of one idempotent producer (KIP-98): its epoch and its last five batches, as many as a producer may have in
/// flight (max.in.flight.requests.per.connection), so that any of them sent again is recognised.
/// </summary>
/// <remarks>Not thread-safe: guarded by the partition's append lock.</remarks>
sealed class ProducerState(short epoch)
{
    public const int RememberedBatches = 5;

    readonly Queue<ProducerBatch> _batches = new(RememberedBatches);
    ProducerBatch _last;

    public short Epoch { get; private set; } = epoch;

    /// <summary>
    /// By the broker's clock, in ms since 1970: the records' own time says little about whether the producer still lives. Of one that no
    /// batch has come from since the broker was started their time is all that is known.
    /// </summary>
    public long LastSeen { get; private set; }

    /// <summary>The newest batch. Not to be asked before the first <see cref="Add"/>.</summary>
    public ProducerBatch Last => _last;

    /// <summary>The remembered batch with the same epoch and sequences; null when there is none.</summary>
    public ProducerBatch? FindDuplicate(in RecordBatchHeader batch)
    {
        if (batch.ProducerEpoch != Epoch) return null;
        foreach (var known in _batches)
            if (known.FirstSequence == batch.BaseSequence && known.LastSequence == batch.LastSequence) return known;
        return null;
    }

    /// <summary>
    /// Whether a batch that is no duplicate may follow (Apache Kafka, ProducerAppendInfo.java: checkProducerEpoch, checkSequence).
    /// </summary>
    public ErrorCode CheckNext(in RecordBatchHeader batch)
    {
        if (batch.ProducerEpoch < Epoch) return ErrorCode.InvalidProducerEpoch;
        var expected = batch.ProducerEpoch > Epoch ? 0 : RecordBatchHeader.AddToSequence(_last.LastSequence, 1);
        return batch.BaseSequence == expected ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <param name="seen">When the batch came, as far as that is known; in ms since 1970.</param>
    public void Add(short producerEpoch, ProducerBatch batch, long seen)
    {
        if (producerEpoch != Epoch) _batches.Clear();
        if (_batches.Count == RememberedBatches) _batches.Dequeue();
        _batches.Enqueue(batch);
        (_last, Epoch, LastSeen) = (batch, producerEpoch, Math.Max(LastSeen, seen));
    }
}
