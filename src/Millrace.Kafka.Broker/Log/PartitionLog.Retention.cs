using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Log;

/// <content>What goes: segments that retention takes, records that a user deletes, producers that have not been heard of.</content>
sealed partial class PartitionLog
{
    /// <summary>The offset by which a DeleteRecords request means "all there is" (KIP-107).</summary>
    public const long UpToHighWatermark = -1;

    /// <summary>
    /// Deletes what is past retention.ms or retention.bytes, and forgets producers past their expiration. Called periodically.
    /// </summary>
    public void ApplyRetention()
    {
        lock (_appendLock)
        {
            if (_unavailable != ErrorCode.None) return;
            _producers.Expire(_options.ProducerIdExpiration);
            TryToDelete(() => LogRetention.CountExpired(_view, _options, _clock.GetUtcNow().ToUnixTimeMilliseconds()));
            UnlinkSoon();
        }
    }

    /// <summary>Moves the log start offset up; whole segments below it are deleted, the rest is just no longer served.</summary>
    /// <param name="offset">Exclusive; <see cref="UpToHighWatermark"/> for all. OFFSET_OUT_OF_RANGE past the high watermark.</param>
    public ErrorCode DeleteRecordsBefore(long offset)
    {
        lock (_appendLock)
        {
            if (_unavailable != ErrorCode.None) return _unavailable;
            if (offset == UpToHighWatermark) offset = _view.HighWatermark;
            if (offset < 0 || offset > _view.HighWatermark) return ErrorCode.OffsetOutOfRange;
            var error = TryToDelete(() =>
            {
                RaiseLogStart(offset);
                return LogRetention.CountBelowLogStart(_view);
            });
            UnlinkSoon();
            return error;
        }
    }

    ErrorCode TryToDelete(Func<int> countSegments)
    {
        try
        {
            var count = countSegments();
            if (count > 0) DeleteOldest(count);
            return ErrorCode.None;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _logger.DeletionFailed(_directory.Path, e.Message);
            return ErrorCode.KafkaStorageError;
        }
    }

    /// <summary>
    /// Sealed segments first, for which nothing is written: on a full disk this is what makes room again, also for the new segment that
    /// must be there before the active one goes. A segment that a crash leaves behind is served until the next run.
    /// </summary>
    void DeleteOldest(int count)
    {
        var all = count == _view.Segments.Length;
        RetireOldest(all ? count - 1 : count);
        if (!all) return;
        Roll();
        RetireOldest(1);
    }

    /// <summary>
    /// Each segment goes before the next, though it may be read still: so whenever the process ends, or the disk refuses one, the segments
    /// that are left follow on each other. LogRecovery takes a gap for records that the power took, and ends the log there.
    /// </summary>
    void RetireOldest(int count)
    {
        var detached = 0;
        try
        {
            for (; detached < count; detached++) _directory.Detach(_view.Segments[detached].BaseOffset);
        }
        finally
        {
            if (detached > 0) Retire(detached);
        }
    }

    void Retire(int count)
    {
        var view = _view;
        var logStart = Math.Max(view.LogStartOffset, view.Segments[count].BaseOffset);
        _view = view with { Segments = view.Segments[count..], LogStartOffset = logStart };
        foreach (var segment in view.Segments[..count]) segment.Release();
        _holdsDetached = true;
        _directory.DeleteSnapshotsOutside(_view.Segments[0].BaseOffset, _view.HighWatermark);
        _logger.SegmentsDeleted(_directory.Path, count, _view.LogStartOffset);
    }

    /// <summary>Has the disk worker unlink what was detached, now or in an earlier run that could not.</summary>
    void UnlinkSoon()
    {
        if (!_holdsDetached) return;
        _holdsDetached = false;
        _worker.Enqueue($"deletion of old segments of {_directory.Path}", UnlinkDetached);
    }

    void UnlinkDetached()
    {
        try
        {
            _directory.DeleteDetached();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _holdsDetached = true;
            _logger.DeletionFailed(_directory.Path, e.Message);
        }
    }

    /// <summary>On disk first: what a user deleted must not come back.</summary>
    void RaiseLogStart(long offset)
    {
        if (offset <= _view.LogStartOffset) return;
        _directory.WriteLogStartOffset(offset);
        _view = _view with { LogStartOffset = offset };
    }
}
