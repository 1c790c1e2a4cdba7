using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The idempotent producers that one partition knows. A producer it does not know may start at any sequence (KAFKA-7190): its state may have
/// expired, and refusing it would stop it for good.
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

    /// <summary>Notes a batch that is in the log.</summary>
    public void Add(in RecordBatchHeader batch)
    {
        if (batch.IsIdempotent) Add(batch.ProducerId, batch.ProducerEpoch, ProducerBatch.Of(batch));
    }

    public void Add(long producerId, short epoch, ProducerBatch last)
    {
        var now = clock.GetUtcNow();
        if (!_producers.TryGetValue(producerId, out var producer))
            _producers[producerId] = producer = new ProducerState(epoch, now);
        producer.Add(epoch, last, now);
    }

    public void Expire(TimeSpan after)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, producer) in _producers)
            if (now - producer.LastSeen >= after) _producers.Remove(id);
    }
}
