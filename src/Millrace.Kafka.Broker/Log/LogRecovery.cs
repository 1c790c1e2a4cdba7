using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Brings back a partition's log from its directory (compare Apache Kafka, LogLoader.java). No byte of a segment is deleted here: what
/// does not fit is set aside and named (docs/decisions/0007).
/// <list type="number">
/// <item>Delete what was being written or deleted when the broker ended.</item>
/// <item>After a crash, read every segment that reaches past the recovery point, check each batch's CRC and build its indexes again; end
/// the log at the first batch that is not sound. Earlier segments went through fsync, as all did before a clean shutdown: their index
/// files are believed, and damage among them costs the segments after it nothing.</item>
/// <item>The active segment is read in any case, by headers alone after a clean shutdown: its indexes are not on disk while it grows.</item>
/// <item>Bring back the producers: from a snapshot at least <see cref="ReplayBytes"/> before the end, then from the headers that follow, because a snapshot
/// holds only the last of the five batches by which a repeated one is recognised.</item>
/// </list>
/// </summary>
sealed class LogRecovery(LogDirectory directory, LogOptions options, TimeProvider clock, ILogger logger, bool afterCleanShutdown)
{
    /// <summary>
    /// More than five batches of max.message.bytes as it is by default (1 MiB). Of a producer whose last five reach back further, those in it are recognised, and the
    /// last one in any case.
    /// </summary>
    const int ReplayBytes = 8 * 1024 * 1024;

    readonly List<LogSegment> _segments = [];
    readonly ProducerStates _producers = new(clock);
    long _nextOffset;

    /// <param name="Producers">As they were at the end of the log.</param>
    /// <param name="RecoveryPoint">Everything before it has been through fsync.</param>
    public sealed record Recovered(LogView View, ProducerStates Producers, long RecoveryPoint);

    public Recovered Run()
    {
        try
        {
            return Recover();
        }
        catch
        {
            CloseAll();
            throw;
        }
    }

    Recovered Recover()
    {
        directory.Files.CreateDirectory(directory.Path);
        directory.DeleteLeftovers(logger);
        directory.WriteLeaderEpoch();
        var recoveryPoint = directory.ReadRecoveryPoint();
        LoadSegments(flushed: afterCleanShutdown ? long.MaxValue : recoveryPoint);
        var logStart = Math.Max(directory.ReadLogStartOffset(), _segments[0].BaseOffset);
        if (logStart > _nextOffset) StartAgainAt(logStart);
        if (recoveryPoint > _nextOffset)
        {
            // What is appended next has not been through fsync. The file goes and is not written again: a full disk lets it.
            directory.DeleteRecoveryPoint();
            recoveryPoint = _nextOffset;
        }
        // One past the end tells of batches that are no longer there; one before the start has lost its segment.
        directory.DeleteSnapshotsOutside(_segments[0].BaseOffset, _nextOffset);
        RestoreProducers();
        var active = _segments[^1];
        return new(new LogView([.. _segments], logStart, _nextOffset, active.Size, active.Indexes.Greatest.Timestamp), _producers, recoveryPoint);
    }

    /// <param name="flushed">Everything before it has been through fsync.</param>
    void LoadSegments(long flushed)
    {
        var kept = Math.Max(flushed, directory.ReadLogStartOffset());
        var bases = directory.OffsetsOf(LogDirectory.SegmentSuffix);
        for (var i = 0; i < bases.Count; i++)
        {
            long? next = i < bases.Count - 1 ? bases[i + 1] : null;
            if (_segments.Count > 0 && bases[i] < _nextOffset)
            {
                directory.SetSegmentAside(bases[i], $"the segment before it goes on to offset {_nextOffset}", logger);
                continue;
            }
            if (!TryOpen(bases[i], next <= kept, out var segment)) continue;
            var whole = TryLoad(segment, next, flushed);
            if (next > kept && (!whole || _nextOffset != next))
            {
                EndAt(segment, bases.Skip(i + 1));
                break;
            }
            if (!whole) segment.TrySetTailAside(logger);
            segment.EndOffset = _nextOffset;
            if (_nextOffset < next) logger.OffsetsMissing(directory.Path, _nextOffset, next.Value);
        }
        if (_segments.Count == 0) StartAgainAt(directory.ReadLogStartOffset());
    }

    /// <summary>
    /// False for a segment without a byte that others follow: the broker makes none, and what is kept has not lost it with the power.
    /// </summary>
    bool TryOpen(long baseOffset, bool kept, out LogSegment segment)
    {
        segment = new LogSegment(directory, baseOffset, options.IndexIntervalBytes);
        if (segment.Size > 0 || !kept)
        {
            _segments.Add(segment);
            return true;
        }
        segment.Release();
        directory.SetSegmentAside(baseOffset, "it is empty and others follow it", logger);
        return false;
    }

    /// <summary>
    /// Finds the end of the segment and its indexes. False where its batches break off: what follows them in the file can't be believed.
    /// </summary>
    /// <param name="next">Base offset of the next segment; null for the last.</param>
    bool TryLoad(LogSegment segment, long? next, long flushed)
    {
        if (next <= flushed)
        {
            if (segment.TryLoadIndexes())
            {
                _nextOffset = segment.FindNextOffset() ?? next.Value;
                return true;
            }
            logger.IndexesRebuilt(directory.Path, segment.BaseOffset);
        }
        var size = segment.Size;
        _nextOffset = segment.Rebuild(verifyCrc: !afterCleanShutdown);
        if (next is not null && segment.Size > 0) segment.TrySaveIndexes(logger);
        return segment.Size == size;
    }

    /// <summary>
    /// Past the recovery point, a segment that breaks off or does not reach the next is where the power took batches: what was written
    /// after them has no place. The later segments go first and the tail last: until it is cut off, the next recovery ends the log here
    /// too. So a cut never leaves a gap before a segment that is there.
    /// </summary>
    void EndAt(LogSegment segment, IEnumerable<long> later)
    {
        foreach (var offset in later) directory.SetSegmentAside(offset, $"the log breaks off at offset {_nextOffset}", logger);
        segment.EndOffset = _nextOffset;
        segment.TrySetTailAside(logger);
    }

    /// <summary>
    /// One empty segment. For a new partition, and for one whose records before its log start were deleted by a user while those after it
    /// are lost: offsets that were handed out must not be handed out again.
    /// </summary>
    void StartAgainAt(long offset)
    {
        CloseAll();
        foreach (var segment in _segments) directory.SetSegmentAside(segment.BaseOffset, $"the log starts at offset {offset}", logger);
        _segments.Clear();
        _segments.Add(new LogSegment(directory, offset, options.IndexIntervalBytes));
        _nextOffset = offset;
    }

    void CloseAll()
    {
        foreach (var segment in _segments) segment.Release();
    }

    void RestoreProducers()
    {
        var first = _segments.Count - 1;
        for (var bytes = (long)_segments[first].Size; first > 0 && bytes < ReplayBytes; bytes += _segments[first].Size) first--;
        while (first > 0 && !TryLoadSnapshot(_segments[first].BaseOffset)) first--;
        if (first == 0) TryLoadSnapshot(_segments[0].BaseOffset);
        foreach (var segment in _segments.Skip(first)) Replay(segment);
    }

    bool TryLoadSnapshot(long offset) =>
        directory.Files.ReadWhole(directory.PathOf(offset, LogDirectory.ProducerSnapshotSuffix)) is { } bytes
        && ProducerSnapshot.TryAddTo(_producers, bytes);

    void Replay(LogSegment segment)
    {
        const int ChunkBytes = 1 << 20;
        using var scanner = new BatchScanner(segment.File, 0, segment.Size, ChunkBytes, verifyCrc: false);
        while (scanner.MoveNext()) _producers.Add(scanner.Current);
    }
}
