namespace Millrace.Kafka.Protocol.Records;

/// <summary>The attributes field of a record batch; the low three bits are the <see cref="CompressionCodec"/>.</summary>
[Flags]
public enum RecordBatchAttributes : short
{
    None = 0,
    CodecMask = 0b111,

    /// <summary>Every record has the batch's maxTimestamp: the broker's time of append (LogAppendTime) instead of the producer's.</summary>
    LogAppendTime = 1 << 3,
    Transactional = 1 << 4,

    /// <summary>Holds one transaction marker and no records of a user.</summary>
    Control = 1 << 5,

    /// <summary>baseTimestamp is the delete horizon of a compacted topic.</summary>
    HasDeleteHorizon = 1 << 6,
}
