using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The offset index and the time index of one segment, fed with each batch in order. They live in memory as long as their segment
/// does, and are written when it gets no more batches: after a crash they are built again from the segment, so writing them earlier would
/// buy nothing.
/// </summary>
/// <remarks>One thread adds, any thread looks up.</remarks>
sealed class SegmentIndexes(OffsetIndex offsets, TimeIndex times, int intervalBytes)
{
    long _bytesSinceEntry;

    public SegmentIndexes(long baseOffset, int intervalBytes) : this(new OffsetIndex(baseOffset), new TimeIndex(baseOffset), intervalBytes)
    {
    }

    public OffsetIndex Offsets => offsets;

    public TimeIndex Times => times;

    /// <summary>
    /// Greatest timestamp of the segment and the last offset of the first batch that has it. Read as a pair only by the thread that adds.
    /// </summary>
    public TimestampAndOffset Greatest { get; private set; } = times.Last ?? new(RecordBatchHeader.NoTimestamp, 0);

    /// <summary>Entries come before the batch that they point to, as in Apache Kafka's LogSegment.append.</summary>
    public void Add(in RecordBatchHeader batch, int position)
    {
        if (batch.MaxTimestamp > Greatest.Timestamp) Greatest = new(batch.MaxTimestamp, batch.LastOffset);
        if (_bytesSinceEntry > intervalBytes)
        {
            offsets.Add(batch.LastOffset, position);
            times.AddIfLater(Greatest);
            _bytesSinceEntry = 0;
        }
        _bytesSinceEntry += batch.SizeInBytes;
    }

    public void Save(LogDirectory directory, long baseOffset)
    {
        times.AddIfLater(Greatest);
        directory.Files.ReplaceWhole(directory.PathOf(baseOffset, LogDirectory.OffsetIndexSuffix), offsets.ToBytes(), flush: false);
        directory.Files.ReplaceWhole(directory.PathOf(baseOffset, LogDirectory.TimeIndexSuffix), times.ToBytes(), flush: false);
    }

    /// <summary>
    /// Null when either file is missing, can't be read or can't belong to a segment of <paramref name="segmentSize"/> bytes.
    /// </summary>
    public static SegmentIndexes? Load(LogDirectory directory, long baseOffset, int segmentSize, int intervalBytes)
    {
        var offsetBytes = TryRead(directory, baseOffset, LogDirectory.OffsetIndexSuffix);
        var timeBytes = TryRead(directory, baseOffset, LogDirectory.TimeIndexSuffix);
        if (offsetBytes is null || timeBytes is null) return null;
        var offsets = OffsetIndex.FromBytes(baseOffset, offsetBytes, segmentSize);
        var times = TimeIndex.FromBytes(baseOffset, timeBytes);
        return offsets is null || times?.Last is null ? null : new SegmentIndexes(offsets, times, intervalBytes);
    }

    /// <summary>Null also where the disk fails: the batches are another file, and say the same.</summary>
    static byte[]? TryRead(LogDirectory directory, long baseOffset, string suffix)
    {
        try
        {
            return directory.Files.ReadWhole(directory.PathOf(baseOffset, suffix));
        }
        catch (Exception e) when (DiskFailure.Is(e) && !DiskFailure.IsOutOfDescriptors(e))
        {
            return null;
        }
    }
}
