using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The idempotent producers that one partition knows. A producer it does not know may start at any sequence (KAFKA-7190): its state may
/// have expired, and refusing it would stop it for good.
/// </summary>
/// <remarks>Not thread-safe: guarded by the partition's append lock.</remarks>
sealed class ProducerStates(TimeProvider clock)
{
    readonly Dictionary<long, ProducerState> _producers = [];

    public IReadOnlyDictionary<long, ProducerState> All => _producers;

    /// <summary>What to do with a batch that is about to be appended.</summary>
    public ErrorCode Check(in RecordBatchHeader batch, out ProducerBatch? duplicateOf)
    {
        duplicateOf = null;
        if (!batch.IsIdempotent || !_producers.TryGetValue(batch.ProducerId, out var producer)) return ErrorCode.None;
        duplicateOf = producer.FindDuplicate(batch);
        return duplicateOf is null ? producer.CheckNext(batch) : ErrorCode.None;
    }

    /// <summary>Notes a batch that has just been appended.</summary>
    public void Add(in RecordBatchHeader batch)
    {
        if (batch.IsIdempotent) Add(batch.ProducerId, batch.ProducerEpoch, ProducerBatch.Of(batch), Now);
    }

    /// <summary>Notes a batch that an earlier run of the broker appended.</summary>
    public void Restore(in RecordBatchHeader batch)
    {
        if (batch.IsIdempotent) Restore(batch.ProducerId, batch.ProducerEpoch, ProducerBatch.Of(batch));
    }

    /// <summary>
    /// As old as its records say, so that no restart makes the producer young again (Apache Kafka, ProducerStateManager.isProducerExpired).
    /// Records that are dated ahead make it no younger than now, and those without a time say nothing: it counts as seen now.
    /// </summary>
    public void Restore(long producerId, short epoch, ProducerBatch last)
    {
        var now = Now;
        Add(producerId, epoch, last, last.Timestamp == RecordBatchHeader.NoTimestamp ? now : Math.Min(last.Timestamp, now));
    }

    /// <summary>Forgets those that have not been heard of for so long (producer.id.expiration.ms).</summary>
    public void Expire(TimeSpan after)
    {
        var now = Now;
        foreach (var (id, producer) in _producers)
            if (now - producer.LastSeen >= after.TotalMilliseconds) _producers.Remove(id);
    }

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    void Add(long producerId, short epoch, ProducerBatch last, long seen)
    {
        if (!_producers.TryGetValue(producerId, out var producer))
            _producers[producerId] = producer = new ProducerState(epoch);
        producer.Add(epoch, last, seen);
    }
}
