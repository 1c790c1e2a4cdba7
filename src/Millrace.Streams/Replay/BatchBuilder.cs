using Confluent.Kafka;
using Millrace.Streams.Audit;

namespace Millrace.Streams.Replay;

/// <summary>Gathers what is read of a topic into batches that are bounded in memory. For one thread.</summary>
sealed class BatchBuilder(string topic, int mostRecords)
{
    /// <summary>A batch is in memory three times: as it is gathered, as it waits, and as it is sent.</summary>
    const int MostBytes = 32 << 20;

    /// <summary>What a batch was read from is a condition of its statements.</summary>
    const int MostPieces = 200;

    List<(int Partition, OffsetRange Offsets)> _pieces = [];
    RecordRows _rows = new(topic);
    int _records;
    long _empty;
    long _stored;

    public bool IsFull => _records >= mostRecords || _rows.Bytes >= MostBytes || _pieces.Count >= MostPieces;

    public void Add(ConsumeResult<byte[]?, byte[]?> record)
    {
        // The input format finds no byte, and gives no row (docs/decisions/0002-exactly-once.md).
        if (record.Message.Value is null or [])
        {
            _empty++;
            return;
        }
        _rows.Add(record);
        _records++;
    }

    /// <summary>Says what was read since the last piece.</summary>
    public void AddPiece(int partition, OffsetRange offsets)
    {
        if (offsets.Count > 0) _pieces.Add((partition, offsets));
    }

    /// <summary>Offsets that need not be read.</summary>
    public void AddStored(long offsets) => _stored += offsets;

    /// <summary>And begins the next.</summary>
    /// <param name="done">Offsets up to here.</param>
    public ReplayBatch Take(long done)
    {
        var batch = new ReplayBatch(_pieces, _rows.Written, _records, _empty, _stored, done);
        (_pieces, _rows, _records, _empty, _stored) = ([], new RecordRows(topic), 0, 0, 0);
        return batch;
    }
}
