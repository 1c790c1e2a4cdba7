using System.Buffers;
using System.IO.Compression;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Testing;

/// <summary>Makes one record batch of format 2, as a producer would send it; compressed where the attributes say gzip.</summary>
/// <remarks>Not thread-safe; used once.</remarks>
public sealed class RecordBatchBuilder
{
    readonly ArrayBufferWriter<byte> _records = new();
    int _count;
    long _baseTimestamp = -1;
    long _maxTimestamp = -1;

    public long BaseOffset { get; init; }

    public long ProducerId { get; init; } = RecordBatchHeader.NoProducerId;

    /// <summary>-1 when not idempotent.</summary>
    public short ProducerEpoch { get; init; } = -1;

    /// <summary>-1 when not idempotent.</summary>
    public int BaseSequence { get; init; } = -1;

    public RecordBatchAttributes Attributes { get; init; }

    /// <param name="timestamp">In ms since 1970.</param>
    /// <returns>This builder.</returns>
    public RecordBatchBuilder Add(long timestamp, byte[]? key, byte[]? value)
    {
        if (_count == 0) _baseTimestamp = timestamp;
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
        var body = new ArrayBufferWriter<byte>();
        body.Write((ReadOnlySpan<byte>)[0]);
        RecordVarintWriter.Write(body, timestamp - _baseTimestamp);
        RecordVarintWriter.Write(body, _count);
        WriteNullable(body, key);
        WriteNullable(body, value);
        RecordVarintWriter.Write(body, 0);
        RecordVarintWriter.Write(_records, body.WrittenCount);
        _records.Write(body.WrittenSpan);
        _count++;
        return this;
    }

    public byte[] Build()
    {
        var records = (Attributes & RecordBatchAttributes.CodecMask) == (RecordBatchAttributes)CompressionCodec.Gzip
            ? Gzipped()
            : _records.WrittenSpan;
        var batch = new byte[RecordBatchHeader.Size + records.Length];
        records.CopyTo(batch.AsSpan(RecordBatchHeader.Size));
        var header = new RecordBatchHeader
        {
            BaseOffset = BaseOffset,
            Length = batch.Length - RecordBatchHeader.LengthOverhead,
            PartitionLeaderEpoch = -1,
            Magic = RecordBatchHeader.CurrentMagic,
            Crc = 0,
            Attributes = Attributes,
            LastOffsetDelta = _count - 1,
            BaseTimestamp = _baseTimestamp,
            MaxTimestamp = _maxTimestamp,
            ProducerId = ProducerId,
            ProducerEpoch = ProducerEpoch,
            BaseSequence = BaseSequence,
            RecordsCount = _count,
        };
        header.Write(batch);
        (header with { Crc = RecordBatchHeader.ComputeCrc(batch, records) }).Write(batch);
        return batch;
    }

    ReadOnlySpan<byte> Gzipped()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(_records.WrittenSpan);
        return compressed.ToArray();
    }

    static void WriteNullable(ArrayBufferWriter<byte> to, byte[]? bytes)
    {
        RecordVarintWriter.Write(to, bytes?.Length ?? -1);
        if (bytes is not null) to.Write(bytes);
    }
}
