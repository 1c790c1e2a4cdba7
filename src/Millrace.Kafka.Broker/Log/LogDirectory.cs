using System.Globalization;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Names in one partition's directory <c>topic-partition</c>: Apache Kafka's (LogFileUtils.java), except that the two checkpoints lie here
/// and not beside the directory, so that partitions share nothing.
/// <code>
/// 00000000000000000000.log        segment; the number is its base offset, 20 digits
/// 00000000000000000000.index      offset index      00000000000000000000.timeindex   time index
/// 00000000000000000000.snapshot   producers as they were before the segment of that number
/// leader-epoch-checkpoint  partition.metadata  log-start-offset-checkpoint  recovery-point-offset-checkpoint
/// </code>
/// </summary>
sealed class LogDirectory(string path, IFileSystem files)
{
    public const string SegmentSuffix = ".log";
    public const string OffsetIndexSuffix = ".index";
    public const string TimeIndexSuffix = ".timeindex";
    public const string ProducerSnapshotSuffix = ".snapshot";

    const string LogStartOffsetCheckpoint = "log-start-offset-checkpoint";
    const string RecoveryPointCheckpoint = "recovery-point-offset-checkpoint";
    const string LeaderEpochCheckpoint = "leader-epoch-checkpoint";

    readonly Lock _ownership = new();
    bool _abandoned;

    public string Path => path;

    public IFileSystem Files => files;

    public string PathOf(long offset, string suffix) => In(offset.ToString("D20", CultureInfo.InvariantCulture) + suffix);

    /// <summary>In ascending order: the offsets that files with this suffix are named by.</summary>
    public IReadOnlyList<long> OffsetsOf(string suffix) =>
        [.. files.ListFiles(path)
            .Where(name => name.EndsWith(suffix, StringComparison.Ordinal))
            .Select(name => long.TryParse(name[..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : -1)
            .Where(offset => offset >= 0)
            .Order()];

    /// <summary>Deletes what a crash left half done: unfinished writes, and indexes whose segment is gone.</summary>
    public void DeleteLeftovers()
    {
        foreach (var name in files.ListFiles(path))
            if (name.EndsWith(WholeFile.TemporarySuffix, StringComparison.Ordinal)) files.DeleteFile(In(name));
        var segments = OffsetsOf(SegmentSuffix).ToHashSet();
        foreach (var suffix in (string[])[OffsetIndexSuffix, TimeIndexSuffix])
            foreach (var offset in OffsetsOf(suffix))
                if (!segments.Contains(offset)) DeleteIndexes(offset);
    }

    /// <summary>All that makes a segment one: the next start deletes its indexes.</summary>
    public void DeleteBatches(long baseOffset) => files.DeleteFile(PathOf(baseOffset, SegmentSuffix));

    /// <summary>The .log file goes first: an index without one is deleted at the next start.</summary>
    public void DeleteSegment(long baseOffset)
    {
        lock (_ownership)
        {
            if (_abandoned) return;
            DeleteBatches(baseOffset);
            DeleteIndexes(baseOffset);
        }
    }

    /// <summary>Who still holds a segment deletes nothing from here on: the path may soon be a new partition's.</summary>
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

    public void DeleteRecoveryPoint() => files.DeleteFile(In(RecoveryPointCheckpoint));

    /// <summary>One leader epoch from the first offset on: a single broker has never handed leadership over.</summary>
    public void WriteLeaderEpoch()
    {
        if (!files.FileExists(In(LeaderEpochCheckpoint)))
            files.ReplaceWhole(In(LeaderEpochCheckpoint), "0\n1\n0 0\n"u8);
    }

    string In(string name) => System.IO.Path.Combine(path, name);
}
