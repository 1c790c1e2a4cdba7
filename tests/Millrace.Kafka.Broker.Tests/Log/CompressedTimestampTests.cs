using System.Text;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>Offsets by time inside compressed batches.</summary>
public sealed class CompressedTimestampTests
{
    readonly LogFixture _fixture = new();

    [Theory]
    [InlineData(0, 1000, 0)]
    [InlineData(1000, 1000, 0)]
    [InlineData(1001, 1100, 1)]
    [InlineData(1250, 1300, 3)]
    [InlineData(1400, 1400, 4)]
    public void The_record_is_found_and_its_own_time_told(long wanted, long timestamp, long offset)
    {
        using var log = _fixture.Open();
        Append(log, Gzipped(1000, 1100, 1200, 1300, 1400));

        Assert.Equal(new TimestampAndOffset(timestamp, offset), log.FindByTimestamp(wanted));
        Assert.Null(log.FindByTimestamp(1401));
        Assert.Equal(new TimestampAndOffset(1400, 4), log.FindMaxTimestamp());
    }

    [Fact]
    public void Deleted_records_of_the_batch_are_not_found()
    {
        using var log = _fixture.Open();
        Append(log, Gzipped(1000, 1100, 1200));
        log.DeleteRecordsBefore(2);

        Assert.Equal(new TimestampAndOffset(1200, 2), log.FindByTimestamp(1000));
    }

    /// <param name="latest">Offset of the first record of the batch with its greatest time.</param>
    [Theory]
    [InlineData("LibRdKafka gzip", 0)]
    [InlineData("LibRdKafka snappy", 0)]
    [InlineData("LibRdKafka lz4", 0)]
    [InlineData("LibRdKafka zstd", 0)]
    [InlineData("Java none", 1)]
    [InlineData("Java gzip", 16)]
    [InlineData("Java snappy", 1)]
    [InlineData("Java lz4", 1)]
    [InlineData("Java zstd", 9)]
    public void Batches_of_every_client_and_codec_are_looked_into(string golden, long latest)
    {
        using var log = _fixture.Open();
        _fixture.Clock.Advance(TimeSpan.FromDays(3650));
        var batch = GoldenBatches.All[golden];
        Append(log, batch);
        var header = RecordBatchHeader.Read(batch);

        Assert.Equal(new TimestampAndOffset(header.BaseTimestamp, 0), log.FindByTimestamp(header.BaseTimestamp));
        Assert.Equal(new TimestampAndOffset(header.MaxTimestamp, latest), log.FindByTimestamp(header.MaxTimestamp));
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip, new byte[] { 0x1f, 0x8b, 8, 0, 0, 0 })]
    [InlineData(CompressionCodec.Snappy, new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f, 0 })] // 4 GiB are claimed
    [InlineData(CompressionCodec.Lz4, new byte[] { 0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0 })]
    [InlineData(CompressionCodec.Zstd, new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 1, 0, 0 })] // a window of 128 MiB
    public void A_batch_that_can_t_be_decompressed_is_answered_by_its_first_offset_costs_little_and_takes_nothing_offline(
        CompressionCodec codec, byte[] records)
    {
        using var log = _fixture.Open();
        Append(log, LogFixture.Batch(1000, "before"));
        Append(log, WithRecords(Gzipped(2000, 2100, 2200), codec, records));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(new TimestampAndOffset(2200, 1), log.FindByTimestamp(2050));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(ErrorCode.None, log.Unavailable);
    }

    [Fact]
    public void A_small_batch_of_very_much_costs_little_memory()
    {
        var bomb = new RecordBatchBuilder { Attributes = (RecordBatchAttributes)CompressionCodec.Gzip };
        bomb.Add(1000, null, new byte[100 << 20]).Add(1100, null, [1]);
        using var log = _fixture.Open();
        Append(log, bomb.Build());

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(new TimestampAndOffset(1100, 1), log.FindByTimestamp(1050));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    static void Append(PartitionLog log, byte[] batch) => Assert.Equal(ErrorCode.None, log.Append(batch, zstdAllowed: true).Error);

    static byte[] Gzipped(params long[] timestamps)
    {
        var builder = new RecordBatchBuilder { Attributes = (RecordBatchAttributes)CompressionCodec.Gzip };
        foreach (var timestamp in timestamps) builder.Add(timestamp, null, Encoding.UTF8.GetBytes($"at {timestamp}"));
        return builder.Build();
    }

    /// <summary>The batch with other records, under the same header.</summary>
    static byte[] WithRecords(byte[] batch, CompressionCodec codec, byte[] records)
    {
        byte[] changed = [.. batch.AsSpan(0, RecordBatchHeader.Size), .. records];
        var header = RecordBatchHeader.Read(batch) with
        {
            Length = changed.Length - RecordBatchHeader.LengthOverhead,
            Attributes = (RecordBatchAttributes)codec,
        };
        header.Write(changed);
        (header with { Crc = RecordBatchHeader.ComputeCrc(changed, records) }).Write(changed);
        return changed;
    }
}
