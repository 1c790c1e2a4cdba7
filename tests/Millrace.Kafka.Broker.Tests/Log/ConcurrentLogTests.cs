using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>Writers, readers and retention on one partition at once. Bounded by records, not by time.</summary>
public sealed class ConcurrentLogTests
{
    const int Writers = 2;
    const int BatchesEach = 1500;

    readonly LogFixture _fixture = new();

    [Fact]
    public async Task Readers_see_every_acknowledged_batch_whole_while_others_write_and_retention_deletes()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 20_000, IndexIntervalBytes = 500, RetentionBytes = 100_000 };
        using var log = _fixture.Open();
        using var done = new CancellationTokenSource();

        var readers = Enumerable.Range(0, 2).Select(_ => OnThread(() => ReadUntilCaughtUp(log, done.Token))).ToList();
        var seekers = OnThread(() => ReadEverywhere(log, done.Token));
        var retention = OnThread(() => { while (!done.IsCancellationRequested) log.ApplyRetention(); log.ApplyRetention(); });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => OnThread(() => Write(log, writer))));
        await done.CancelAsync();
        await Task.WhenAll([.. readers, seekers, retention]);

        Assert.Equal(Writers * BatchesEach * 2, log.HighWatermark);
        Assert.True(log.LogStartOffset > 0);
        Assert.False(log.IsOffline);
    }

    /// <summary>Not on the thread pool, which would let some of them wait until others have ended.</summary>
    static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void Write(PartitionLog log, int writer)
    {
        for (var i = 0; i < BatchesEach; i++)
        {
            var batch = _fixture.IdempotentBatch(writer, 0, 2 * i, $"{writer} {2 * i}", $"{writer} {2 * i + 1}");
            Assert.Equal(ErrorCode.None, log.Append(batch, zstdAllowed: true).Error);
        }
    }

    /// <summary>Follows the log; jumps to its start when retention was faster. Offsets must be gapless in between.</summary>
    static void ReadUntilCaughtUp(PartitionLog log, CancellationToken writersDone)
    {
        using var buffer = new KafkaWriter();
        for (var next = 0L; !(writersDone.IsCancellationRequested && next == log.HighWatermark);)
        {
            buffer.Clear();
            var read = log.Read(next, 10_000, atLeastOneBatch: true, buffer);
            if (read.Error == ErrorCode.OffsetOutOfRange)
            {
                Assert.True(next < read.LogStartOffset);
                next = read.LogStartOffset;
                continue;
            }
            Assert.Equal(ErrorCode.None, read.Error);
            next = CheckBatches(buffer.Written.Span, next);
        }
    }

    static void ReadEverywhere(PartitionLog log, CancellationToken writersDone)
    {
        using var buffer = new KafkaWriter();
        var random = new Random(1);
        while (!writersDone.IsCancellationRequested)
        {
            buffer.Clear();
            var offset = random.NextInt64(log.LogStartOffset, log.HighWatermark + 1);
            if (log.Read(offset, 5000, atLeastOneBatch: true, buffer) is { Error: ErrorCode.None, Bytes: > 0 })
                Assert.InRange(RecordBatchHeader.Read(buffer.Written.Span).BaseOffset, offset - 1, offset);
            log.FindMaxTimestamp();
        }
    }

    static long CheckBatches(ReadOnlySpan<byte> batches, long next)
    {
        while (!batches.IsEmpty)
        {
            var header = RecordBatchHeader.Read(batches);
            Assert.Equal(next, header.BaseOffset);
            Assert.Equal(RecordBatchHeader.ComputeCrc(batches, batches[RecordBatchHeader.Size..(int)header.SizeInBytes]), header.Crc);
            next = header.LastOffset + 1;
            batches = batches[(int)header.SizeInBytes..];
        }
        return next;
    }
}
