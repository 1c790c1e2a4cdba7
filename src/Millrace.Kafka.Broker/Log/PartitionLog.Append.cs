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
        AppendTime? time = _options.LogAppendTime ? new(batch, now, (long)_options.MaxTimestampAhead.TotalMilliseconds) : null;
        AppendResult result;
        bool isWritten;
        lock (_appendLock) result = AppendChecked(batch, time, body, out isWritten);
        if (!isWritten) return result;
        Changed?.Invoke();
        BrokerMeters.Appended(batch.LastOffsetDelta + 1);
        return result;
    }

    /// <param name="isWritten">The batch is in the log by this call: it was neither refused nor there already.</param>
    AppendResult AppendChecked(in RecordBatchHeader sent, AppendTime? time, ReadOnlyMemory<byte> body, out bool isWritten)
    {
        isWritten = false;
        if (_unavailable != ErrorCode.None) return Refused(_unavailable, "the partition is not available");
        if (_producers.Check(sent, out var duplicateOf) is not ErrorCode.None and var error)
            return Refused(
                error, $"producer {sent.ProducerId} sent sequence {sent.BaseSequence} with producer epoch {sent.ProducerEpoch}");
        if (duplicateOf is { } first) return Appended(first.BaseOffset, time is null ? RecordBatchHeader.NoTimestamp : first.Timestamp);

        var batch = sent with { BaseOffset = _view.HighWatermark, PartitionLeaderEpoch = LeaderEpoch };
        batch = time?.WriteTo(batch, atLeast: _lastAppendTime) ?? batch;
        if (!TryWrite(batch, body)) return Refused(ErrorCode.KafkaStorageError, "the batch could not be written");
        _producers.Add(batch);
        _lastAppendTime = batch.MaxTimestamp;
        var active = _view.Active;
        _view = _view with
        {
            HighWatermark = batch.LastOffset + 1,
            ActiveSize = active.Size,
            ActiveTimestamp = active.Indexes.Greatest.Timestamp,
        };
        // After the view: who has seen these bytes counted can read them.
        Volatile.Write(ref _appendedBytes, _appendedBytes + batch.SizeInBytes);
        isWritten = true;
        return Appended(batch.BaseOffset, time is null ? RecordBatchHeader.NoTimestamp : batch.MaxTimestamp);
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

    /// <summary>
    /// As Apache Kafka's LogSegment.shouldRoll: by size, by the records' own time, or because an index could not hold the offset.
    /// </summary>
    bool MustRoll(in RecordBatchHeader batch)
    {
        var active = _view.Active;
        if (active.Size == 0) return false;
        return batch.SizeInBytes > _options.SegmentBytes - active.Size
            || batch.LastOffset - active.BaseOffset > int.MaxValue
            || batch.MaxTimestamp - active.FirstTimestamp > _options.SegmentAge.TotalMilliseconds;
    }

    /// <summary>
    /// Starts a new active segment. The order matters if the process ends in between: indexes and snapshot are of use only with the new
    /// segment and are written again if it never came to be.
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
        if (!Interlocked.Exchange(ref _flushWaits, true))
            _worker.Enqueue($"flush of the full segments of {_directory.Path}", FlushSealedSegments);
    }

    /// <summary>
    /// The disk worker's, so that no producer waits for the device. All segments that are full by now, though several wait.
    /// </summary>
    void FlushSealedSegments()
    {
        Volatile.Write(ref _flushWaits, false);
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
            // What the device holds after a failed fsync is unknown, and asking again may answer a lie: the next start checks the log.
            if (_unavailable == ErrorCode.None) TakeOffline(e);
        }
    }

    AppendResult Appended(long baseOffset, long logAppendTime) => new(ErrorCode.None, baseOffset, LogStartOffset, logAppendTime, null);

    AppendResult Refused(ErrorCode error, string message) => new(error, -1, LogStartOffset, RecordBatchHeader.NoTimestamp, message);
}
