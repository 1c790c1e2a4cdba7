using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Brings back a partition's log from its directory (compare Apache Kafka, LogLoader.java):
/// <list type="number">
/// <item>Delete what was being written or deleted when the broker ended.</item>
/// <item>After a crash, read every segment that reaches past the recovery point, check each batch's CRC and build its indexes again; cut the log off at the first
/// batch that is not sound. Earlier segments went through fsync: their index files are believed.</item>
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
        directory.Files.CreateDirectory(directory.Path);
        directory.DeleteLeftovers();
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
        var gapsEnd = Math.Max(flushed, directory.ReadLogStartOffset());
        var bases = directory.OffsetsOf(LogDirectory.SegmentSuffix);
        for (var i = 0; i < bases.Count; i++)
        {
            var segment = new LogSegment(directory, bases[i], options.IndexIntervalBytes);
            _segments.Add(segment);
            long? next = i < bases.Count - 1 ? bases[i + 1] : null;
            if (!TryLoad(segment, next, flushed) || (_nextOffset < next && next > gapsEnd))
            {
                EndAt(segment, bases.Skip(i + 1));
                break;
            }
            if (_nextOffset < next) StartAfterGap(next.Value);
        }
        if (_segments.Count == 0) StartAgainAt(directory.ReadLogStartOffset());
    }

    /// <summary>Finds the end of the segment and its indexes. False where its batches break off, or reach into the next segment: nothing after that can be believed.</summary>
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
        // Only the last segment is ever made without a batch: another that has none lost them with the power.
        return segment.Size == size && (next is null || (size > 0 && _nextOffset <= next));
    }

    /// <summary>
    /// The later segments go first and the tail last: until it is cut off, the next recovery ends the log here too. So a cut never leaves a gap before a segment that is there.
    /// </summary>
    void EndAt(LogSegment segment, IEnumerable<long> later)
    {
        foreach (var offset in later)
        {
            logger.SegmentAfterDamageDeleted(directory.Path, offset);
            directory.DeleteSegment(offset);
        }
        if (segment.Truncate() is > 0 and var cut) logger.TailCutOff(directory.Path, cut, _nextOffset);
    }

    /// <summary>
    /// A gap before an offset that everything has been flushed to, or that a user deleted up to, is one that deletions left: a loss of power can undo some and not
    /// the ones after them. So what lies before the gap was to go and goes now; what lies after it was acknowledged and stays. Any other gap is where the power took
    /// batches: the end of a process leaves none, see PartitionLog.RetireOldest.
    /// </summary>
    void StartAfterGap(long offset)
    {
        logger.SegmentsBeforeGapDeleted(directory.Path, _segments.Count, _nextOffset, offset);
        RetireAll();
    }

    /// <summary>One empty segment. For a new partition, and for one that lost all its records: offsets that were handed out must not be handed out again.</summary>
    void StartAgainAt(long offset)
    {
        RetireAll();
        _segments.Add(new LogSegment(directory, offset, options.IndexIntervalBytes));
        _nextOffset = offset;
    }

    void RetireAll()
    {
        foreach (var segment in _segments) segment.Retire();
        _segments.Clear();
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
