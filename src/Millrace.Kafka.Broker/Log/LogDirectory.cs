using System.Globalization;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Names in one partition's directory <c>topic-partition</c>: Apache Kafka's (LogFileUtils.java), except that the two checkpoints lie here
/// and not beside the directory, so that partitions share nothing. What has another name is not ours, and is left alone.
/// <code>
/// 00000000000000000000.log        segment; the number is its base offset, exactly 20 digits
/// 00000000000000000000.index      offset index      00000000000000000000.timeindex   time index
/// 00000000000000000000.snapshot   producers as they were before the segment of that number
/// 00000000000000000000.log.deleted   a segment that retention took, about to be unlinked
/// leader-epoch-checkpoint  partition.metadata  log-start-offset-checkpoint  recovery-point-offset-checkpoint
/// any of them and ~               a write that never finished
/// aside/                          what recovery took for damaged, see <see cref="SetSegmentAside"/>
/// </code>
/// </summary>
sealed class LogDirectory(string path, IFileSystem files)
{
    public const string SegmentSuffix = ".log";
    public const string OffsetIndexSuffix = ".index";
    public const string TimeIndexSuffix = ".timeindex";
    public const string ProducerSnapshotSuffix = ".snapshot";

    /// <summary>Written by TopicStore: says whose directory it is.</summary>
    public const string Metadata = "partition.metadata";

    const string LogStartOffsetCheckpoint = "log-start-offset-checkpoint";
    const string RecoveryPointCheckpoint = "recovery-point-offset-checkpoint";
    const string LeaderEpochCheckpoint = "leader-epoch-checkpoint";
    const string DetachedSuffix = SegmentSuffix + ".deleted";
    const int OffsetDigits = 20;

    static readonly string[] OffsetSuffixes =
        [SegmentSuffix, OffsetIndexSuffix, TimeIndexSuffix, ProducerSnapshotSuffix, DetachedSuffix];

    static readonly string[] FixedNames = [Metadata, LogStartOffsetCheckpoint, RecoveryPointCheckpoint, LeaderEpochCheckpoint];

    readonly Lock _ownership = new();
    bool _abandoned;

    public string Path => path;

    public IFileSystem Files => files;

    /// <summary>Whether a file of this name is one that the broker makes here.</summary>
    public static bool IsOurs(string name)
    {
        if (name.EndsWith(WholeFile.TemporarySuffix, StringComparison.Ordinal)) name = name[..^WholeFile.TemporarySuffix.Length];
        return FixedNames.Contains(name) || OffsetSuffixes.Any(suffix => OffsetOf(name, suffix) is not null);
    }

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes() => OffsetsOf(SegmentSuffix).Sum(SizeOf);

    public string PathOf(long offset, string suffix) => In(offset.ToString("D20", CultureInfo.InvariantCulture) + suffix);

    /// <summary>In ascending order: the offsets that files with this suffix are named by.</summary>
    public IReadOnlyList<long> OffsetsOf(string suffix) =>
        [.. files.ListFiles(path).Select(name => OffsetOf(name, suffix)).OfType<long>().Order()];

    /// <summary>
    /// Deletes what a crash left half done: segments that retention took, unfinished writes, and indexes whose segment is gone. Those are
    /// made of batches and made again from them.
    /// </summary>
    public void DeleteLeftovers(ILogger logger)
    {
        DeleteDetached();
        var names = files.ListFiles(path);
        foreach (var name in names)
            if (IsOurs(name) && name.EndsWith(WholeFile.TemporarySuffix, StringComparison.Ordinal)) files.DeleteFile(In(name));
        var segments = OffsetsOf(SegmentSuffix).ToHashSet();
        foreach (var suffix in (string[])[OffsetIndexSuffix, TimeIndexSuffix])
            foreach (var offset in OffsetsOf(suffix))
                if (!segments.Contains(offset)) DeleteIndexes(offset);
        var foreign = names.Where(name => !IsOurs(name)).ToArray();
        if (foreign.Length > 0) logger.ForeignFiles(path, string.Join(", ", foreign));
    }

    /// <summary>Takes a segment out of the log without losing a byte of it; its indexes go, as they are made of it.</summary>
    public void SetSegmentAside(long baseOffset, string reason, ILogger logger)
    {
        var bytes = SizeOf(baseOffset);
        var aside = files.MoveFileAside(PathOf(baseOffset, SegmentSuffix));
        DeleteIndexes(baseOffset);
        logger.SegmentSetAside(path, baseOffset, bytes, reason, aside);
    }

    /// <summary>
    /// Takes a segment out of the log, at once whatever its size (Apache Kafka, LocalLog.deleteSegmentFiles):
    /// <see cref="DeleteDetached"/> does what takes long.
    /// </summary>
    public void Detach(long baseOffset)
    {
        var segment = PathOf(baseOffset, SegmentSuffix);
        try
        {
            files.RenameFile(segment, PathOf(baseOffset, DetachedSuffix));
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            // A full disk may have no room for a longer name, and this is what makes room. The next start deletes the indexes.
            files.DeleteFile(segment);
        }
    }

    /// <summary>Deletes every segment that was detached, the indexes first: what is left of one is found again by its name.</summary>
    public void DeleteDetached()
    {
        foreach (var offset in Detached())
        {
            lock (_ownership)
            {
                if (_abandoned) return;
                DeleteIndexes(offset);
                files.DeleteFile(PathOf(offset, DetachedSuffix));
            }
        }
    }

    /// <summary>No file is deleted from here on: the path may soon be a new partition's.</summary>
    public void Abandon()
    {
        lock (_ownership) _abandoned = true;
    }

    public void DeleteIndexes(long baseOffset)
    {
        files.DeleteFile(PathOf(baseOffset, OffsetIndexSuffix));
        files.DeleteFile(PathOf(baseOffset, TimeIndexSuffix));
    }

    /// <summary>Deletes the producer snapshots that are not in [<paramref name="start"/>, <paramref name="end"/>].</summary>
    public void DeleteSnapshotsOutside(long start, long end)
    {
        foreach (var offset in OffsetsOf(ProducerSnapshotSuffix))
            if (offset < start || offset > end) files.DeleteFile(PathOf(offset, ProducerSnapshotSuffix));
    }

    /// <summary>0 when it was never written.</summary>
    public long ReadLogStartOffset() => OffsetCheckpoint.Read(files, In(LogStartOffsetCheckpoint));

    public void WriteLogStartOffset(long offset) => OffsetCheckpoint.Write(files, In(LogStartOffsetCheckpoint), path, offset);

    /// <summary>Everything before it has been through fsync. 0 when it was never written.</summary>
    public long ReadRecoveryPoint() => OffsetCheckpoint.Read(files, In(RecoveryPointCheckpoint));

    public void WriteRecoveryPoint(long offset) => OffsetCheckpoint.Write(files, In(RecoveryPointCheckpoint), path, offset);

    /// <summary>For good: one that came back with a loss of power would vouch for batches that took the place of those it knew.</summary>
    public void DeleteRecoveryPoint()
    {
        files.DeleteFile(In(RecoveryPointCheckpoint));
        Sync();
    }

    /// <summary>null where there is no such file, or it makes no sense.</summary>
    public LeaderEpochs? ReadLeaderEpochs() => files.ReadWhole(In(LeaderEpochCheckpoint)) is { } bytes ? LeaderEpochs.Parse(bytes) : null;

    /// <param name="flush">Whether a loss of power must not take it: a leader epoch given twice tells a consumer nothing.</param>
    public void WriteLeaderEpochs(LeaderEpochs epochs, bool flush) =>
        files.ReplaceWhole(In(LeaderEpochCheckpoint), epochs.ToBytes(), flush);

    /// <summary>Which files there are survives a loss of power.</summary>
    public void Sync() => files.SyncDirectory(path);

    IReadOnlyList<long> Detached()
    {
        lock (_ownership) return _abandoned ? [] : OffsetsOf(DetachedSuffix);
    }

    /// <summary>Null for any name but 20 digits and the suffix: <c>5.log</c> is somebody else's.</summary>
    static long? OffsetOf(string name, string suffix) =>
        name.Length == OffsetDigits + suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;

    long SizeOf(long baseOffset)
    {
        using var file = files.Open(PathOf(baseOffset, SegmentSuffix));
        return file.Length;
    }

    string In(string name) => System.IO.Path.Combine(path, name);
}
