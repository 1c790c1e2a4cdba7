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
/// <item>The active segment is read in any case, by headers alone after a clean shutdown: its indexes are not on disk while it
/// grows.</item>
/// <item>Bring back the producers: from a snapshot at least <see cref="ReplayBytes"/> before the end, then from the headers that follow,
/// because a snapshot holds only the last of the five batches by which a repeated one is recognised.</item>
/// </list>
/// </summary>
sealed partial class LogRecovery(LogDirectory directory, LogOptions options, TimeProvider clock, ILogger logger, bool afterCleanShutdown)
{
    /// <summary>
    /// More than five batches of max.message.bytes as it is by default (1 MiB). Of a producer whose last five reach back further, those in
    /// it are recognised, and the last one in any case.
    /// </summary>
    const int ReplayBytes = 8 * 1024 * 1024;

    readonly List<LogSegment> _segments = [];
    readonly ProducerStates _producers = new(clock);
    long _recoveryPoint;
    long _nextOffset;

    /// <summary>Of the batches read to restore the producers; -1 without one.</summary>
    int _greatestEpoch = -1;

    /// <param name="Producers">As they were at the end of the log.</param>
    /// <param name="RecoveryPoint">Everything before it has been through fsync.</param>
    public sealed record Recovered(LogView View, ProducerStates Producers, LeaderEpochs LeaderEpochs, long RecoveryPoint);

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
        _recoveryPoint = directory.ReadRecoveryPoint();
        LoadSegments(directory.ReadLogStartOffset());
        var logStart = Math.Max(directory.ReadLogStartOffset(), _segments[0].BaseOffset);
        if (logStart > _nextOffset) StartAgainAt(logStart);
        var recoveryPoint = SettleRecoveryPoint(logStart);
        // One past the end tells of batches that are no longer there; one before the start has lost its segment.
        directory.DeleteSnapshotsOutside(_segments[0].BaseOffset, _nextOffset);
        RestoreProducers();
        var epochs = SettleLeaderEpochs(logStart);
        var active = _segments[^1];
        var view = new LogView([.. _segments], logStart, _nextOffset, active.Size, active.Indexes.Greatest.Timestamp);
        return new(view, _producers, epochs, recoveryPoint);
    }

    /// <summary>
    /// One empty segment. For a new partition, and for one whose records before its log start were deleted by a user while those after it
    /// are lost: offsets that were handed out must not be handed out again.
    /// </summary>
    void StartAgainAt(long offset)
    {
        foreach (var segment in _segments.ToArray()) SetAside(segment, $"the log starts at offset {offset}");
        _segments.Add(new LogSegment(directory, offset, options.IndexIntervalBytes));
        (_nextOffset, _gapEnd) = (offset, 0);
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
        while (scanner.MoveNext())
        {
            _producers.Restore(scanner.Current);
            _greatestEpoch = Math.Max(_greatestEpoch, scanner.Current.PartitionLeaderEpoch);
        }
    }

    /// <summary>
    /// A new leader epoch after a crash, or where less is there than is known to have been. Not for a partition that was never opened.
    /// </summary>
    LeaderEpochs SettleLeaderEpochs(long logStart)
    {
        var kept = directory.ReadLeaderEpochs();
        var epochs = kept ?? LeaderEpochs.First;
        var mayBeCut = _recoveryPoint > _nextOffset || (!afterCleanShutdown && (kept is not null || _nextOffset > 0));
        if (kept is not null && !mayBeCut && _greatestEpoch <= kept.Current) return kept;
        if (mayBeCut || _greatestEpoch > epochs.Current) epochs = epochs.Raised(_nextOffset, least: _greatestEpoch + 1).From(logStart);
        try
        {
            directory.WriteLeaderEpochs(epochs, flush: mayBeCut);
        }
        catch (Exception e) when (DiskFailure.Is(e) && !DiskFailure.IsOutOfDescriptors(e))
        {
            // The batches will say it too. A full disk must be no reason to serve nothing.
            logger.LeaderEpochsNotWritten(directory.Path, e.Message);
        }
        return epochs;
    }
}
