using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The offset below which everything has been through fsync. It moves only after the flush it stands for, or a torn batch would be
/// believed.
/// </summary>
/// <remarks>Thread-safe; one flush at a time.</remarks>
sealed class RecoveryPoint(LogDirectory directory, long recovered, ILogger logger)
{
    readonly Lock _lock = new();
    long _offset = recovered;
    bool _stopped;

    /// <exception cref="IOException">A flush failed: what the device holds is unknown from then on.</exception>
    /// <param name="includeActive">Whether to flush the active segment too, which nobody may be appending to then.</param>
    public void FlushUpTo(LogView view, bool includeActive)
    {
        lock (_lock)
        {
            if (_stopped) return;
            for (var i = 0; i < view.Segments.Length; i++)
                if ((i < view.Segments.Length - 1 || includeActive) && view.EndOffsetOf(i) > _offset) Flush(view.Segments[i]);
            var flushed = includeActive ? view.HighWatermark : view.Active.BaseOffset;
            if (flushed <= _offset) return;
            directory.Sync(); // the names of what was flushed, before what vouches for them
            if (TryWrite(flushed)) _offset = flushed;
        }
    }

    /// <summary>
    /// Nothing is flushed or written any more: the files are about to be closed, or the directory to belong to another partition.
    /// </summary>
    public void Stop()
    {
        lock (_lock) _stopped = true;
    }

    /// <summary>A recovery point that stays behind, on a full disk for one, costs the next start time and no record.</summary>
    bool TryWrite(long offset)
    {
        try
        {
            directory.WriteRecoveryPoint(offset);
            return true;
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            logger.RecoveryPointNotWritten(directory.Path, e.Message);
            return false;
        }
    }

    void Flush(LogSegment segment)
    {
        // A segment that retention has taken needs no flush.
        if (!segment.TryAcquire()) return;
        try { segment.Flush(logger); }
        finally { segment.Release(); }
    }
}
