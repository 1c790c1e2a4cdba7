using System.Buffers.Binary;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Decides whether what a producer sent is one sound record batch. The order of the checks is Apache Kafka's (DefaultRecordBatch via
/// ProduceRequest.validateRecords, UnifiedLog.analyzeAndValidateRecords, LogValidator.java), because the first to fail names the error.
/// Differs from Apache Kafka: compressed records are not decompressed, only the first bytes of their frame are checked; unknown codecs
/// are UNSUPPORTED_COMPRESSION_TYPE instead of an unknown server error; a header's maxTimestamp is believed, not worked out again; there
/// are no transactions.
/// </summary>
/// <remarks>Stateless; runs outside the append lock.</remarks>
static class RecordBatchValidator
{
    /// <summary>Shortest length field that Apache Kafka takes for a batch of any format (LegacyRecord.RECORD_OVERHEAD_V0).</summary>
    const int MinLength = 14;

    /// <summary>Null when the batch may be appended; then <paramref name="batch"/> is its header.</summary>
    /// <param name="records">
    /// May have bytes of an incomplete second batch at its end; they don't belong to the first and are ignored.
    /// </param>
    /// <param name="zstdAllowed">Whether the request's version knows zstd (KIP-110).</param>
    /// <param name="now">In ms since 1970.</param>
    public static BatchRefusal? Check(ReadOnlySpan<byte> records, LogOptions options, bool zstdAllowed, long now, out RecordBatchHeader batch)
    {
        batch = default;
        if (CheckBeginning(records) is { } unframed) return unframed;
        if (records.Length < RecordBatchHeader.Size) return Corrupt("the batch is shorter than its header");
        batch = RecordBatchHeader.Read(records);
        return CheckFormat(batch, records, zstdAllowed)
            ?? CheckIntegrity(batch, records, options)
            ?? CheckCounts(batch)
            ?? CheckTime(batch, options, now)
            ?? CheckRecords(batch, records[RecordBatchHeader.Size..(int)batch.SizeInBytes])
            ?? CheckFits(batch, options);
    }

    /// <summary>Whether a whole batch of any known format begins here; whatever may follow it.</summary>
    static BatchRefusal? CheckBeginning(ReadOnlySpan<byte> records)
    {
        if (records.Length <= RecordBatchHeader.MagicAt) return NotOneBatch;
        var length = BinaryPrimitives.ReadInt32BigEndian(records[RecordBatchHeader.LengthAt..]);
        if (length < MinLength) return Corrupt($"a batch length of {length}");
        var magic = records[RecordBatchHeader.MagicAt];
        if (magic > RecordBatchHeader.CurrentMagic) return Corrupt($"unknown record format {magic}");
        var size = (long)length + RecordBatchHeader.LengthOverhead;
        return size > records.Length ? NotOneBatch : null;
    }

    static BatchRefusal? CheckFormat(in RecordBatchHeader batch, ReadOnlySpan<byte> records, bool zstdAllowed)
    {
        if (batch.Magic != RecordBatchHeader.CurrentMagic)
            return new(ErrorCode.InvalidRecord, $"record format {batch.Magic} ended with Kafka 4.0 (KIP-724); 2 is wanted");
        if (batch.Codec > CompressionCodec.Zstd)
            return new(ErrorCode.UnsupportedCompressionType, $"unknown compression codec {(int)batch.Codec}");
        if (batch.Codec == CompressionCodec.Zstd && !zstdAllowed)
            return new(ErrorCode.UnsupportedCompressionType, "zstd needs Produce version 7 or later");
        if (batch.IsTransactional) return new(ErrorCode.TransactionalIdAuthorizationFailed, "this broker has no transactions");
        if (CheckRest(records[(int)batch.SizeInBytes..]) is { } refusal) return refusal;
        return batch.BaseOffset == 0 ? null : new(ErrorCode.InvalidRecord, $"a producer's base offset must be 0, not {batch.BaseOffset}");
    }

    /// <summary>What follows the batch may be the beginning of another, never a whole one.</summary>
    static BatchRefusal? CheckRest(ReadOnlySpan<byte> rest) => CheckBeginning(rest) switch
    {
        null => NotOneBatch,
        { Error: ErrorCode.CorruptMessage } corrupt => corrupt,
        _ => null,
    };

    static BatchRefusal? CheckIntegrity(in RecordBatchHeader batch, ReadOnlySpan<byte> records, LogOptions options)
    {
        if (batch.SizeInBytes > options.MaxBatchBytes)
            return new(ErrorCode.MessageTooLarge, $"the batch has {batch.SizeInBytes} bytes, max.message.bytes is {options.MaxBatchBytes}");
        if (batch.SizeInBytes < RecordBatchHeader.Size) return Corrupt($"a batch of {batch.SizeInBytes} bytes");
        var crc = RecordBatchHeader.ComputeCrc(records, records[RecordBatchHeader.Size..(int)batch.SizeInBytes]);
        return crc == batch.Crc ? null : Corrupt($"the batch's CRC is {batch.Crc:x8}, its bytes give {crc:x8}");
    }

    static BatchRefusal? CheckCounts(in RecordBatchHeader batch)
    {
        if (batch.RecordsCount <= 0 || batch.RecordsCount != batch.LastOffsetDelta + 1L)
            return new(ErrorCode.InvalidRecord, $"{batch.RecordsCount} records with a last offset delta of {batch.LastOffsetDelta}");
        if (batch.IsControl) return new(ErrorCode.InvalidRecord, "only brokers write control batches");
        return batch.IsIdempotent && batch.BaseSequence < 0
            ? new(ErrorCode.InvalidRecord, $"producer {batch.ProducerId} sent base sequence {batch.BaseSequence}")
            : null;
    }

    static BatchRefusal? CheckTime(in RecordBatchHeader batch, LogOptions options, long now)
    {
        if (batch.IsLogAppendTime) return new(ErrorCode.InvalidTimestamp, "only brokers set the timestamp type to LogAppendTime");
        if (options.LogAppendTime || batch.MaxTimestamp == RecordBatchHeader.NoTimestamp) return null;
        var limit = now + (long)options.MaxTimestampAhead.TotalMilliseconds;
        return batch.MaxTimestamp <= limit
            ? null
            : new(ErrorCode.InvalidTimestamp, $"timestamp {batch.MaxTimestamp} is more than message.timestamp.after.max.ms ahead");
    }

    static BatchRefusal? CheckRecords(in RecordBatchHeader batch, ReadOnlySpan<byte> records)
    {
        if (batch.Codec != CompressionCodec.None)
            return CompressedFrames.StartsSoundly(batch.Codec, records) ? null : Corrupt($"the records are not {batch.Codec} data");
        var walker = new RecordWalker(records);
        for (var i = 0; i < batch.RecordsCount; i++)
        {
            if (!walker.MoveNext()) return new(ErrorCode.InvalidRecord, $"record {i} of {batch.RecordsCount} is malformed");
            if (walker.OffsetDelta != i) return new(ErrorCode.InvalidRecord, $"record {i} has offset delta {walker.OffsetDelta}");
        }
        return walker.AtEnd ? null : new(ErrorCode.InvalidRecord, $"bytes follow the last of {batch.RecordsCount} records");
    }

    static BatchRefusal? CheckFits(in RecordBatchHeader batch, LogOptions options) => batch.SizeInBytes <= options.SegmentBytes
        ? null
        : new(ErrorCode.RecordListTooLarge, $"the batch has {batch.SizeInBytes} bytes, segment.bytes is {options.SegmentBytes}");

    static BatchRefusal NotOneBatch => new(ErrorCode.InvalidRecord, "a partition's records must be exactly one whole record batch");

    static BatchRefusal Corrupt(string message) => new(ErrorCode.CorruptMessage, message);
}
