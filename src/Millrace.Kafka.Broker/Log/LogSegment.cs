using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// One segment: a file of record batches and its two indexes. Covers [<see cref="BaseOffset"/>, base offset of the next segment).
/// </summary>
/// <remarks>
/// One owner appends; readers go up to the size in their <see cref="LogView"/> and take no lock. Who reads acquires the segment first, so
/// that the log can let go of it at any time: it is closed when the last reader has released it.
/// </remarks>
sealed class LogSegment
{
    readonly LogDirectory _directory;
    readonly int _indexIntervalBytes;
    readonly IFile _file;
    readonly byte[] _header = new byte[RecordBatchHeader.Size];

    /// <summary>The log's own hold on the segment, and one for each reader.</summary>
    int _holders = 1;

    public LogSegment(LogDirectory directory, long baseOffset, int indexIntervalBytes)
    {
        (_directory, BaseOffset, _indexIntervalBytes, EndOffset) = (directory, baseOffset, indexIntervalBytes, baseOffset);
        directory.Files.Descriptors.DemandOne();
        _file = directory.Files.Open(Path);
        Size = SizeOf(_file);
        Indexes = new SegmentIndexes(baseOffset, indexIntervalBytes);
    }

    /// <summary>Inclusive.</summary>
    public long BaseOffset { get; }

    /// <summary>
    /// The offset after the last batch: exclusive. Below the next segment's base offset where batches are missing. Belongs to the owner.
    /// </summary>
    public long EndOffset { get; set; }

    /// <summary>Bytes of whole batches. Belongs to the owner: readers have their own in the view.</summary>
    public int Size { get; private set; }

    public SegmentIndexes Indexes { get; private set; }

    public IFile File => _file;

    /// <summary>maxTimestamp of the first batch, in ms since 1970; null while there is none.</summary>
    public long? FirstTimestamp { get; private set; }

    /// <summary>
    /// Bytes that are no sound batches are at the end of the file, and the disk would not take a copy of them: nothing is appended until it
    /// does.
    /// </summary>
    public bool HoldsTail { get; private set; }

    /// <summary>Whether the file holds nothing but the batches counted in <see cref="Size"/>.</summary>
    public bool IsWhole => _file.Length == Size;

    string Path => _directory.PathOf(BaseOffset, LogDirectory.SegmentSuffix);

    /// <summary>Writes one batch at the end. After an exception the file may hold a part of it: see <see cref="Truncate"/>.</summary>
    /// <param name="header">As it shall be stored.</param>
    /// <param name="records">What follows the header.</param>
    public void Append(in RecordBatchHeader header, ReadOnlyMemory<byte> records)
    {
        header.Write(_header);
        _file.Write(_header, records, Size);
        Note(header, Size);
        Size += (int)header.SizeInBytes;
        EndOffset = header.LastOffset + 1;
    }

    /// <summary>Cuts off what an append left that failed.</summary>
    public void Truncate()
    {
        if (!HoldsTail) _file.SetLength(Size);
    }

    /// <summary>Cuts off what <see cref="Rebuild"/> found no sound batches in, when a copy of it is on the device.</summary>
    public void SetTailAside(ILogger logger)
    {
        var bytes = _file.Length - Size;
        HoldsTail = bytes > 0;
        if (!HoldsTail) return;
        var aside = _directory.Files.CopyTailAside(_file, Path, Size);
        _file.SetLength(Size);
        _file.Flush();
        HoldsTail = false;
        logger.TailSetAside(_directory.Path, bytes, EndOffset, aside);
    }

    /// <summary>As <see cref="SetTailAside"/>, where a full disk must not keep the sound batches from being read.</summary>
    public void TrySetTailAside(ILogger logger)
    {
        try
        {
            SetTailAside(logger);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            logger.TailStays(_directory.Path, _file.Length - Size, EndOffset, e.Message);
        }
    }

    /// <summary>Takes the indexes from their files; false when they are missing or unsound.</summary>
    public bool TryLoadIndexes()
    {
        if (SegmentIndexes.Load(_directory, BaseOffset, Size, _indexIntervalBytes) is not { } loaded) return false;
        Indexes = loaded;
        return true;
    }

    /// <summary>
    /// Builds the indexes from the batches, up to the first that is not sound: from there on nothing counts, and waits for
    /// <see cref="SetTailAside"/>.
    /// </summary>
    /// <returns>The offset after the last sound batch.</returns>
    public long Rebuild(bool verifyCrc)
    {
        const int ChunkBytes = 1 << 20;
        Indexes = new SegmentIndexes(BaseOffset, _indexIntervalBytes);
        FirstTimestamp = null;
        var nextOffset = BaseOffset;
        using var scanner = new BatchScanner(_file, 0, Size, ChunkBytes, verifyCrc);
        while (scanner.MoveNext())
        {
            Note(scanner.Current, scanner.Position);
            nextOffset = scanner.Current.LastOffset + 1;
        }
        Size = scanner.ValidEnd;
        EndOffset = nextOffset;
        return nextOffset;
    }

    /// <summary>The base offset that the header of the first batch names; null where there is no such batch.</summary>
    /// <param name="verifyCrc">Whether it must be sound too.</param>
    public long? ReadFirstOffset(bool verifyCrc)
    {
        using var scanner = new BatchScanner(_file, 0, Size, RecordBatchHeader.Size, verifyCrc);
        return scanner.MoveNext() ? scanner.Current.BaseOffset : null;
    }

    /// <summary>
    /// The offset after the last batch, by the headers after the last index entry; null where they do not lead to the end.
    /// </summary>
    public long? FindNextOffset()
    {
        using var scanner = SegmentReader.ScannerAt(this, long.MaxValue, Size);
        while (scanner.MoveNext())
            if (scanner.ValidEnd == Size) return scanner.Current.LastOffset + 1;
        return null;
    }

    /// <summary>Writes the indexes: the segment gets no more batches for now.</summary>
    public void SaveIndexes() => Indexes.Save(_directory, BaseOffset);

    /// <summary>
    /// As <see cref="SaveIndexes"/>, where a full disk must not be the end. Old indexes don't stay then: they can be those of a segment
    /// that was shorter.
    /// </summary>
    public void TrySaveIndexes(ILogger logger)
    {
        try
        {
            SaveIndexes();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            GiveUpIndexes(e, logger);
        }
    }

    /// <summary>
    /// fsync of the batches and of the index files, where they have been written: they are believed afterwards, or built again.
    /// </summary>
    /// <exception cref="IOException">The batches could not be flushed, or no file descriptor was left to do it.</exception>
    public void Flush(ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        _file.Flush();
        BrokerMeters.Flushed(Stopwatch.GetElapsedTime(started));
        try
        {
            FlushIndexes();
        }
        catch (Exception e) when (DiskFailure.Is(e) && !DiskFailure.IsOutOfDescriptors(e))
        {
            GiveUpIndexes(e, logger);
        }
    }

    /// <summary>Keeps the file open for a reader; false when the segment has gone. Each success wants one <see cref="Release"/>.</summary>
    public bool TryAcquire()
    {
        for (var seen = Volatile.Read(ref _holders); seen > 0; seen = Volatile.Read(ref _holders))
            if (Interlocked.CompareExchange(ref _holders, seen + 1, seen) == seen) return true;
        return false;
    }

    /// <summary>Gives up a hold: a reader's, or, once, the log's own.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _file.Dispose();
    }

    void FlushIndexes()
    {
        foreach (var suffix in (string[])[LogDirectory.OffsetIndexSuffix, LogDirectory.TimeIndexSuffix])
        {
            if (!_directory.Files.FileExists(_directory.PathOf(BaseOffset, suffix))) continue;
            using var index = _directory.Files.Open(_directory.PathOf(BaseOffset, suffix));
            index.Flush();
        }
    }

    /// <summary>The files are made of the batches: trouble with them takes nothing from the partition.</summary>
    void GiveUpIndexes(Exception cause, ILogger logger)
    {
        try
        {
            _directory.DeleteIndexes(BaseOffset);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            // What can't be deleted could not be read either, most likely.
        }
        logger.IndexesNotWritten(_directory.Path, BaseOffset, cause.Message);
    }

    int SizeOf(IFile file)
    {
        if (file.Length <= int.MaxValue) return (int)file.Length;
        file.Dispose();
        throw new IOException($"segment {BaseOffset} has more than the 2^31-1 bytes that a segment can have");
    }

    void Note(in RecordBatchHeader batch, int position)
    {
        FirstTimestamp ??= batch.MaxTimestamp;
        Indexes.Add(batch, position);
    }
}
