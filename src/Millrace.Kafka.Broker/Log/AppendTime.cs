using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The time at which the broker got one batch, for a log whose records bear it (message.timestamp.type=LogAppendTime). Writing it changes
/// bytes that the batch's CRC covers; what that takes of the length of the batch is worked out before the append lock is held.
/// </summary>
/// <remarks>Immutable.</remarks>
/// <param name="now">In ms since 1970.</param>
/// <param name="mostAhead">In ms: a clock that was once further ahead is not followed for good.</param>
readonly struct AppendTime(in RecordBatchHeader batch, long now, long mostAhead)
{
    readonly Crc32CChange _crc = new((int)batch.SizeInBytes - RecordBatchHeader.Size);

    /// <summary>
    /// The header with this time, or <paramref name="atLeast"/> where that is later and not too far ahead, and with the CRC that fits it.
    /// </summary>
    /// <param name="batch">The one that this is the time of, its CRC checked.</param>
    /// <param name="atLeast">In ms since 1970: whoever looks for a time reads on from the first record that has it.</param>
    public RecordBatchHeader WriteTo(in RecordBatchHeader batch, long atLeast)
    {
        var stamped = batch with
        {
            Attributes = batch.Attributes | RecordBatchAttributes.LogAppendTime,
            MaxTimestamp = Math.Max(now, Math.Min(atLeast, now + mostAhead)),
        };
        Span<byte> before = stackalloc byte[RecordBatchHeader.Size], after = stackalloc byte[RecordBatchHeader.Size];
        batch.Write(before);
        stamped.Write(after);
        const int CheckedFrom = RecordBatchHeader.AttributesAt;
        return stamped with { Crc = _crc.Apply(batch.Crc, before[CheckedFrom..], after[CheckedFrom..]) };
    }
}
