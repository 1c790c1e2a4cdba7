using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <content>The way in: check, recognise, roll, write, publish.</content>
sealed partial class PartitionLog
{
    /// <summary>
    /// Appends one record batch. A batch that an idempotent producer sends again is answered with its first offset and written once.
    /// </summary>
    /// <param name="records">As they came; whole again for the next reader save for base offset and leader epoch.</param>
    /// <param name="zstdAllowed">Whether the request's version knows zstd: Produce v7 and later.</param>
    public AppendResult Append(ReadOnlyMemory<byte> records, bool zstdAllowed)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (RecordBatchValidator.Check(records.Span, _options, zstdAllowed, now, out var batch) is { } refusal)
            return Refused(refusal.Error, refusal.Message);
        var body = records[RecordBatchHeader.Size..(int)batch.SizeInBytes];
        AppendResult result;
        var before = HighWatermark;
        lock (_appendLock) result = AppendChecked(Stamp(batch, body.Span, now), body);
        if (result.Error == ErrorCode.None && HighWatermark > before) Changed?.Invoke();
        return result;
    }

    AppendResult AppendChecked(RecordBatchHeader batch, ReadOnlyMemory<byte> body)
    {
        if (_unavailable != ErrorCode.None) return Refused(_unavailable, "the partition is not available");
        var error = _producers.Check(batch, out var duplicateOf);
        if (error != ErrorCode.None) return Refused(error, $"producer {batch.ProducerId} sent sequence {batch.BaseSequence} with producer epoch {batch.ProducerEpoch}");
        if (duplicateOf is { } first) return Appended(first.BaseOffset, batch.IsLogAppendTime ? first.Timestamp : RecordBatchHeader.NoTimestamp);

        batch = batch with { BaseOffset = _view.HighWatermark };
        if (!TryWrite(batch, body)) return Refused(ErrorCode.KafkaStorageError, "the batch could not be written");
        _producers.Add(batch);
        var active = _view.Active;
        _view = _view with { HighWatermark = batch.LastOffset + 1, ActiveSize = active.Size, ActiveTimestamp = active.Indexes.Greatest.Timestamp };
        // After the view: who has seen these bytes counted can read them.
        Volatile.Write(ref _appendedBytes, _appendedBytes + batch.SizeInBytes);
        return Appended(batch.BaseOffset, batch.IsLogAppendTime ? batch.MaxTimestamp : RecordBatchHeader.NoTimestamp);
    }

    /// <summary>Fills in what the broker decides, save for the offset. Under LogAppendTime that changes bytes that the CRC covers.</summary>
    RecordBatchHeader Stamp(in RecordBatchHeader batch, ReadOnlySpan<byte> body, long now)
    {
        var stamped = batch with { PartitionLeaderEpoch = LeaderEpoch };
        if (!_options.LogAppendTime) return stamped;
        stamped = stamped with { Attributes = batch.Attributes | RecordBatchAttributes.LogAppendTime, MaxTimestamp = now };
        Span<byte> header = stackalloc byte[RecordBatchHeader.Size];
        stamped.Write(header);
        return stamped with { Crc = RecordBatchHeader.ComputeCrc(header, body) };
    }

    /// <summary>False when the disk would not take the batch. Then nothing of it stays, or the partition is offline.</summary>
    bool TryWrite(in RecordBatchHeader batch, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (_view.Active.HoldsTail) _view.Active.SetTailAside(_logger);
            if (MustRoll(batch)) Roll();
            _view.Active.Append(batch, body);
            _toldOutOfDescriptors = false;
            return true;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            TellOfFailedAppend(e);
            TakeBackWrite();
            return false;
        }
    }

    /// <summary>At the limit of open files each try of each producer fails until something is closed: one line is enough.</summary>
    void TellOfFailedAppend(Exception exception)
    {
        var outOfDescriptors = DiskFailure.IsOutOfDescriptors(exception);
        if (!(outOfDescriptors && _toldOutOfDescriptors)) _logger.AppendFailed(_directory.Path, exception.Message);
        _toldOutOfDescriptors = outOfDescriptors;
    }

    void TakeBackWrite()
    {
        try
        {
            _view.Active.Truncate();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            TakeOffline(e);
        }
    }

    /// <summary>As Apache Kafka's LogSegment.shouldRoll: by size, by the records' own time, or because an index could not hold the offset.</summary>
    bool MustRoll(in RecordBatchHeader batch)
    {
        var active = _view.Active;
        if (active.Size == 0) return false;
        return batch.SizeInBytes > _options.SegmentBytes - active.Size
            || batch.LastOffset - active.BaseOffset > int.MaxValue
            || batch.MaxTimestamp - active.FirstTimestamp > _options.SegmentAge.TotalMilliseconds;
    }

    /// <summary>
    /// Starts a new active segment. The order matters if the process ends in between: indexes and snapshot are of use only with the new segment and are
    /// written again if it never came to be.
    /// </summary>
    void Roll()
    {
        var view = _view;
        _directory.Files.Descriptors.DemandOne();
        view.Active.TrySaveIndexes(_logger);
        var snapshot = _directory.PathOf(view.HighWatermark, LogDirectory.ProducerSnapshotSuffix);
        _directory.Files.ReplaceWhole(snapshot, ProducerSnapshot.ToBytes(_producers), flush: false);
        var active = new LogSegment(_directory, view.HighWatermark, _options.IndexIntervalBytes);
        _view = view with { Segments = [.. view.Segments, active], ActiveSize = 0, ActiveTimestamp = RecordBatchHeader.NoTimestamp };
        _ = Task.Run(() => Background.Run(_logger, $"flush of the sealed segments of {_directory.Path}", FlushSealedSegments));
    }

    /// <summary>In the background, so that no producer waits for the device.</summary>
    void FlushSealedSegments()
    {
        try
        {
            if (_unavailable == ErrorCode.None) _recoveryPoint.FlushUpTo(_view, includeActive: false);
        }
        catch (Exception e) when (DiskFailure.IsOutOfDescriptors(e))
        {
            // The disk is sound: the next flush, or the stop, does what this one could not.
            _logger.FlushPutOff(_directory.Path, e.Message);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            // What the device holds after a failed fsync is unknown, and asking again may answer a lie: the log is checked at the next start.
            if (_unavailable == ErrorCode.None) TakeOffline(e);
        }
    }

    AppendResult Appended(long baseOffset, long logAppendTime) => new(ErrorCode.None, baseOffset, LogStartOffset, logAppendTime, null);

    AppendResult Refused(ErrorCode error, string message) => new(error, -1, LogStartOffset, RecordBatchHeader.NoTimestamp, message);
}
