using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>A partition on a disk in memory, with the verbs that log tests are told in.</summary>
sealed class LogFixture
{
    public const string Directory = "/data/orders-0";
    public const string RecoveryPointPath = Directory + "/recovery-point-offset-checkpoint";

    static readonly DiskWorker SharedWorker = new(NullLogger.Instance);

    public LogFixture()
    {
        Disk.CreateDirectory(Directory);
        Disk.SyncNames(); // as the topic catalog does when it makes a partition
    }

    public MemoryFileSystem Disk { get; private set; } = new();

    public CollectingLogger Told { get; } = new();

    public FakeClock Clock { get; } = new();

    public LogOptions Options { get; set; } = new()
    {
        SegmentBytes = 1 << 20,
        SegmentAge = TimeSpan.FromDays(7),
        RetentionTime = null,
        RetentionBytes = -1,
        IndexIntervalBytes = 4096,
        MaxBatchBytes = 1 << 20,
    };

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes => Disk.ListFiles(Directory)
        .Where(name => name.EndsWith(".log", StringComparison.Ordinal))
        .Sum(name => (long)Disk.Bytes($"{Directory}/{name}").Length);

    public PartitionLog Open(bool afterCleanShutdown = false) => OpenOn(Disk, afterCleanShutdown);

    /// <summary>For a test that keeps the disk waiting: the worker of the others serves all fixtures.</summary>
    public PartitionLog OpenWith(DiskWorker worker, string directory = Directory) =>
        PartitionLog.Open(directory, Options, ContextOn(Disk) with { Worker = worker }, afterCleanShutdown: false);

    public PartitionLog OpenOn(MemoryFileSystem disk, bool afterCleanShutdown = false) =>
        PartitionLog.Open(Directory, Options, ContextOn(disk), afterCleanShutdown);

    public LogContext ContextOn(IFileSystem disk) => new(disk, SharedWorker, Clock, Told);

    /// <summary>The process died and starts again: nobody closed anything, but all that was written is there.</summary>
    public PartitionLog Reopen()
    {
        CrashedWith(_ => { });
        return Open();
    }

    /// <summary>The process died, and this is what its last moment did to the disk.</summary>
    public void CrashedWith(Action<MemoryFileSystem> lastMoment)
    {
        Disk = Disk.Copy();
        lastMoment(Disk);
    }

    /// <summary>A batch of records with the values given and the clock's time.</summary>
    public byte[] Batch(params string[] values) => Batch(Clock.NowMs, values);

    public static byte[] Batch(long timestamp, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values) builder.Add(timestamp, null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    public byte[] IdempotentBatch(long producerId, short epoch, int sequence, params string[] values)
    {
        var builder = new RecordBatchBuilder { ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence };
        foreach (var value in values) builder.Add(Clock.NowMs, null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    /// <summary>The values of all records from the offset on, through as many reads as it takes.</summary>
    /// <param name="to">Exclusive, where a batch begins; the high watermark unless given.</param>
    public static IReadOnlyList<string> Values(PartitionLog log, long from, int maxBytes = 1 << 20, long to = long.MaxValue)
    {
        var values = new List<string>();
        using var buffer = new KafkaWriter();
        for (var next = from; next < Math.Min(to, log.HighWatermark);)
        {
            buffer.Clear();
            var read = log.Read(next, maxBytes, atLeastOneBatch: true, buffer);
            Assert.Equal(ErrorCode.None, read.Error);
            Assert.Equal(buffer.Length, read.Bytes);
            Assert.True(read.Bytes > 0, $"nothing to read at {next}");
            next = AddValues(buffer.Written.Span, next, values);
        }
        return values;
    }

    public static IReadOnlyList<string> Values(PartitionLog log) => Values(log, log.LogStartOffset);

    /// <summary>Waits until the disk worker has unlinked the files of a segment that retention took.</summary>
    public Task Deletion(long baseOffset) => Eventually.Holds(
        () => !((string[])[".log", ".log.deleted", ".index", ".timeindex"]).Any(suffix => Disk.FileExists(SegmentPath(baseOffset, suffix))),
        $"deletion of segment {baseOffset}");

    /// <summary>Where a file of the partition is after it was set aside for the first, second... time.</summary>
    public static string AsidePath(string name, int time = 1) => $"{Directory}/aside/{time}/{name}";

    public static string SegmentPath(long baseOffset, string suffix = ".log") => $"{Directory}/{baseOffset:D20}{suffix}";

    /// <summary>Checks each batch as a consumer would; returns the offset after the last.</summary>
    static long AddValues(ReadOnlySpan<byte> batches, long from, List<string> values)
    {
        var next = from;
        while (!batches.IsEmpty)
        {
            var header = RecordBatchHeader.Read(batches);
            var records = batches[RecordBatchHeader.Size..(int)header.SizeInBytes];
            Assert.Equal(RecordBatchHeader.ComputeCrc(batches, records), header.Crc);
            Assert.True(header.BaseOffset <= next, $"batch {header.BaseOffset} read, {next} wanted");
            var walker = new RecordWalker(records);
            while (!walker.AtEnd)
            {
                Assert.True(walker.MoveNext());
                if (header.BaseOffset + walker.OffsetDelta >= from) values.Add(Encoding.UTF8.GetString(walker.Value));
            }
            next = header.LastOffset + 1;
            batches = batches[(int)header.SizeInBytes..];
        }
        return next;
    }
}
