using System.Buffers.Binary;

namespace Millrace.Kafka.Protocol.Records;

/// <summary>
/// The first 61 bytes of a record batch of format 2 (KIP-98; Apache Kafka, DefaultRecordBatch.java), as they are: nothing is checked.
/// <code>
///  at  size
///   0   8  base offset             the broker assigns it; a producer sends 0
///   8   4  batch length            bytes after this field
///  12   4  partition leader epoch  the broker assigns it
///  16   1  magic                   2
///  17   4  CRC-32C                 of everything from byte 21 to the end
///  21   2  attributes
///  23   4  last offset delta       last offset minus base offset
///  27   8  base timestamp          of the first record, ms since 1970
///  35   8  max timestamp           ms since 1970
///  43   8  producer id             -1 when not idempotent
///  51   2  producer epoch
///  53   4  base sequence
///  57   4  records count
///  61      records
/// </code>
/// The CRC starts after the fields that the broker assigns, so that assigning them does not mean reading the whole batch again.
/// </summary>
public readonly record struct RecordBatchHeader
{
    public const int BaseOffsetAt = 0;
    public const int LengthAt = BaseOffsetAt + sizeof(long);
    public const int PartitionLeaderEpochAt = LengthAt + sizeof(int);
    public const int MagicAt = PartitionLeaderEpochAt + sizeof(int);
    public const int CrcAt = MagicAt + sizeof(byte);
    public const int AttributesAt = CrcAt + sizeof(uint);
    public const int LastOffsetDeltaAt = AttributesAt + sizeof(short);
    public const int BaseTimestampAt = LastOffsetDeltaAt + sizeof(int);
    public const int MaxTimestampAt = BaseTimestampAt + sizeof(long);
    public const int ProducerIdAt = MaxTimestampAt + sizeof(long);
    public const int ProducerEpochAt = ProducerIdAt + sizeof(long);
    public const int BaseSequenceAt = ProducerEpochAt + sizeof(short);
    public const int RecordsCountAt = BaseSequenceAt + sizeof(int);

    /// <summary>Size of the header, and where the records begin.</summary>
    public const int Size = RecordsCountAt + sizeof(int);

    /// <summary>Bytes up to and including the length field, which does not count them.</summary>
    public const int LengthOverhead = LengthAt + sizeof(int);

    public const byte CurrentMagic = 2;

    /// <summary>The producer id of a batch that is not idempotent.</summary>
    public const long NoProducerId = -1;

    /// <summary>The timestamp of a record that has none.</summary>
    public const long NoTimestamp = -1;

    public required long BaseOffset { get; init; }

    /// <summary>Bytes after the length field.</summary>
    public required int Length { get; init; }

    public required int PartitionLeaderEpoch { get; init; }

    public required byte Magic { get; init; }

    public required uint Crc { get; init; }

    public required RecordBatchAttributes Attributes { get; init; }

    public required int LastOffsetDelta { get; init; }

    public required long BaseTimestamp { get; init; }

    public required long MaxTimestamp { get; init; }

    public required long ProducerId { get; init; }

    public required short ProducerEpoch { get; init; }

    public required int BaseSequence { get; init; }

    public required int RecordsCount { get; init; }

    /// <summary>Bytes of the whole batch. A long, because an int would overflow when <see cref="Length"/> is damaged.</summary>
    public long SizeInBytes => (long)Length + LengthOverhead;

    /// <summary>Inclusive.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    public CompressionCodec Codec => (CompressionCodec)(Attributes & RecordBatchAttributes.CodecMask);

    public bool IsControl => (Attributes & RecordBatchAttributes.Control) != 0;

    public bool IsTransactional => (Attributes & RecordBatchAttributes.Transactional) != 0;

    public bool IsLogAppendTime => (Attributes & RecordBatchAttributes.LogAppendTime) != 0;

    public bool IsIdempotent => ProducerId != NoProducerId;

    /// <summary>Inclusive. Sequences count records and go on at 0 after <see cref="int.MaxValue"/>.</summary>
    public int LastSequence => AddToSequence(BaseSequence, LastOffsetDelta);

    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static RecordBatchHeader Read(ReadOnlySpan<byte> bytes) => new()
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes[BaseOffsetAt..]),
        Length = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]),
        PartitionLeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(bytes[PartitionLeaderEpochAt..]),
        Magic = bytes[MagicAt],
        Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]),
        Attributes = (RecordBatchAttributes)BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..]),
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[LastOffsetDeltaAt..]),
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[BaseTimestampAt..]),
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[MaxTimestampAt..]),
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[ProducerIdAt..]),
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[ProducerEpochAt..]),
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[BaseSequenceAt..]),
        RecordsCount = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordsCountAt..]),
    };

    /// <summary>Writes the header as it is, CRC included.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes[BaseOffsetAt..], BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LengthAt..], Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes[PartitionLeaderEpochAt..], PartitionLeaderEpoch);
        bytes[MagicAt] = Magic;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CrcAt..], Crc);
        BinaryPrimitives.WriteInt16BigEndian(bytes[AttributesAt..], (short)Attributes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LastOffsetDeltaAt..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(bytes[BaseTimestampAt..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[MaxTimestampAt..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[ProducerIdAt..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes[ProducerEpochAt..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes[BaseSequenceAt..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordsCountAt..], RecordsCount);
    }

    /// <summary>The checksum that the field should hold.</summary>
    /// <param name="header">At least <see cref="Size"/> bytes of header.</param>
    /// <param name="records">What follows the header, up to the end of the batch.</param>
    public static uint ComputeCrc(ReadOnlySpan<byte> header, ReadOnlySpan<byte> records) =>
        Crc32C.Continue(Crc32C.Compute(header[AttributesAt..Size]), records);

    /// <summary>Sequence numbers wrap from <see cref="int.MaxValue"/> to 0 (Apache Kafka, DefaultRecordBatch.incrementSequence).</summary>
    public static int AddToSequence(int sequence, int count) => (int)(((long)sequence + count) % (1L + int.MaxValue));
}
