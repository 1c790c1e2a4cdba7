using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Log;

/// <content>
/// Which of the files that are named as segments are the log. A clean start and one after a crash take the same for it, so that neither
/// sets aside what the other had records appended to.
/// </content>
sealed partial class LogRecovery
{
    /// <summary>
    /// Base offset of the last segment that batches are missing in front of and that stays all the same; 0 while there is none.
    /// </summary>
    long _gapEnd;

    void LoadSegments(long logStart)
    {
        var flushed = afterCleanShutdown ? long.MaxValue : _recoveryPoint;
        var empty = OpenSegments();
        LoadBatches(new(_segments.Except(empty)), flushed, kept: Math.Max(flushed, logStart));
        KeepOneOf(empty, reached: Math.Max(_recoveryPoint, logStart));
        if (_segments.Count == 0) StartAgainAt(logStart);
    }

    /// <summary>
    /// Opens what can be the log's: a segment begins with the batch that it is named by, as the roll names it and nothing is compacted, and
    /// the broker begins no segment after one that no batch is in.
    /// </summary>
    /// <returns>Those without a batch; they come after all that have one.</returns>
    List<LogSegment> OpenSegments()
    {
        foreach (var offset in directory.OffsetsOf(LogDirectory.SegmentSuffix))
            _segments.Add(new LogSegment(directory, offset, options.IndexIntervalBytes));
        var empty = new List<LogSegment>();
        foreach (var segment in _segments.ToArray())
        {
            var first = segment.ReadFirstOffset(verifyCrc: !IsVouchedFor(segment));
            if (first is null) empty.Add(segment);
            else if (first != segment.BaseOffset) SetAside(segment, $"its first batch is at offset {first}");
        }
        var last = _segments.FindLastIndex(segment => !empty.Contains(segment));
        foreach (var segment in _segments.Take(last + 1).Intersect(empty).ToArray())
        {
            SetAside(segment, "it holds no batch and others follow it");
            empty.Remove(segment);
        }
        return empty;
    }

    /// <param name="flushed">Everything before it has been through fsync.</param>
    /// <param name="kept">Segments up to it stay also after a gap: no loss of power made it.</param>
    void LoadBatches(Queue<LogSegment> left, long flushed, long kept)
    {
        while (left.TryDequeue(out var segment))
        {
            NoteGapBefore(segment);
            Load(segment, NextOf(left), flushed);
            if (SetAsideWhatLiesInside(left) && left.Count == 0) Load(segment, next: null, flushed);
            segment.EndOffset = _nextOffset;
            if (NextOf(left) > kept && (!segment.IsWhole || _nextOffset != NextOf(left)))
            {
                EndAt(segment, left);
                return;
            }
            if (!segment.IsWhole) segment.TrySetTailAside(logger);
        }
    }

    static long? NextOf(Queue<LogSegment> left) => left.TryPeek(out var next) ? next.BaseOffset : null;

    bool SetAsideWhatLiesInside(Queue<LogSegment> left)
    {
        var any = false;
        for (; NextOf(left) < _nextOffset; any = true)
            SetAside(left.Dequeue(), $"the segment before it goes on to offset {_nextOffset}");
        return any;
    }

    /// <summary>
    /// An empty segment is the active one where the log ends. Past a gap it is only if the log is known to have reached it: any other is a
    /// file that came from elsewhere, or what the power left of a segment.
    /// </summary>
    void KeepOneOf(List<LogSegment> empty, long reached)
    {
        if (empty.Count == 0) return;
        var sealedOne = _segments.Except(empty).LastOrDefault();
        var end = sealedOne is null ? empty[0].BaseOffset : _nextOffset;
        var active = empty.LastOrDefault(
            segment => segment.BaseOffset == end || (segment.BaseOffset > end && segment.BaseOffset <= reached));
        foreach (var segment in empty)
            if (segment != active) SetAside(segment, $"it holds no batch and the log ends at offset {active?.BaseOffset ?? end}");
        if (active is null) return;
        sealedOne?.TrySaveIndexes(logger);
        NoteGapBefore(active);
        Load(active, next: null, flushed: 0);
        if (!active.IsWhole) active.TrySetTailAside(logger);
    }

    void NoteGapBefore(LogSegment segment)
    {
        if (segment == _segments[0] || segment.BaseOffset <= _nextOffset) return;
        logger.OffsetsMissing(directory.Path, _nextOffset, segment.BaseOffset);
        _gapEnd = segment.BaseOffset;
    }

    /// <summary>After a clean stop too nothing vouches for a file that begins past the recovery point.</summary>
    bool IsVouchedFor(LogSegment segment) => segment.BaseOffset <= _recoveryPoint;

    /// <summary>
    /// Finds the end of the segment and its indexes. It is not whole where its batches break off: what follows them in the file can't be
    /// believed.
    /// </summary>
    /// <param name="next">Base offset of the next segment; null for the last.</param>
    void Load(LogSegment segment, long? next, long flushed)
    {
        if (next <= flushed)
        {
            if (segment.TryLoadIndexes() && segment.FindNextOffset() is { } end)
            {
                _nextOffset = end;
                return;
            }
            logger.IndexesRebuilt(directory.Path, segment.BaseOffset);
        }
        _nextOffset = segment.Rebuild(verifyCrc: !afterCleanShutdown || !IsVouchedFor(segment));
        if (next is not null && segment.Size > 0) segment.TrySaveIndexes(logger);
    }

    /// <summary>
    /// Past the recovery point, a segment that breaks off or does not reach the next is where the power took batches: what was written
    /// after them has no place. The later segments go first and the tail last: until it is cut off, the next recovery ends the log here
    /// too. So a cut never leaves a gap before a segment that is there.
    /// </summary>
    void EndAt(LogSegment segment, IEnumerable<LogSegment> later)
    {
        foreach (var next in later) SetAside(next, $"the log breaks off at offset {_nextOffset}");
        segment.TrySetTailAside(logger);
    }

    void SetAside(LogSegment segment, string reason)
    {
        _segments.Remove(segment);
        segment.Release();
        directory.SetSegmentAside(segment.BaseOffset, reason, logger);
    }

    /// <summary>
    /// The recovery point vouches for no more than is there, and for the last gap: a crash must not judge what this start let stand, and
    /// records are appended after. Where there is none, the file only goes: a full disk lets it.
    /// </summary>
    /// <returns>Everything before it has been through fsync.</returns>
    long SettleRecoveryPoint(long logStart)
    {
        var tooFar = _recoveryPoint > _nextOffset;
        var vouched = tooFar ? 0 : _recoveryPoint;
        if (_gapEnd > Math.Max(vouched, logStart))
        {
            foreach (var segment in _segments.Where(segment => segment.BaseOffset < _gapEnd)) segment.Flush(logger);
            directory.Sync();
            directory.WriteRecoveryPoint(_gapEnd);
            return Math.Max(Math.Min(_recoveryPoint, _nextOffset), _gapEnd);
        }
        if (tooFar) directory.DeleteRecoveryPoint();
        return Math.Min(_recoveryPoint, _nextOffset);
    }
}
