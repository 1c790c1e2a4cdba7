using System.Buffers.Binary;
using System.Globalization;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// Files under a segment's name that the broker did not make, and segments that went: no start takes one for the log that the next would
/// set aside with what was acknowledged in between.
/// </summary>
public sealed class StraySegmentTests
{
    readonly LogFixture _fixture = new() { Options = new LogFixture().Options with { SegmentBytes = 200 } };

    [Theory]
    [InlineData(99_999, "empty")]
    [InlineData(99_999, "junk")]
    [InlineData(99_999, "copy of 0")]
    [InlineData(99_999, "copy of 4")]
    [InlineData(99_999, "damaged")] // its first batch is where its name says, and its bytes are not
    [InlineData(7, "empty")]
    [InlineData(6, "empty")] // where the log ends: it is the active segment
    [InlineData(6, "junk")]
    [InlineData(6, "copy of 4")]
    [InlineData(5, "empty")]
    [InlineData(3, "empty")]
    [InlineData(3, "junk")]
    [InlineData(3, "copy of 4")]
    [InlineData(1, "copy of 0")]
    public void A_stray_segment_costs_no_record_and_moves_no_offset_through_a_clean_start_and_any_crash_after_it(
        long offset, string content)
    {
        Write(6);
        var bytes = Stray(offset, content);

        // 1. The log ends where it did, and the next records are acknowledged there.
        var log = _fixture.Open(afterCleanShutdown: true);
        Assert.Equal((0, 6), (log.LogStartOffset, log.HighWatermark));
        for (var i = 6; i < 9; i++) Assert.Equal(i, log.Append(_fixture.Batch($"{i}"), zstdAllowed: true).BaseOffset);

        // 2. What lay there was moved and named, not deleted.
        if (bytes.Length > 0) Assert.Contains(AsideFiles(), aside => bytes.AsSpan().SequenceEqual(aside));
        if (offset != 6 || bytes.Length > 0)
            Assert.Contains(_fixture.Told.Warnings, told => told.Contains($"{offset:D20}.log", StringComparison.Ordinal));

        // 3. After a loss of power, all that was flushed is there; after a kill, all that was acknowledged, also the second time.
        var powerless = _fixture.Disk.Copy();
        powerless.LosePower();
        using (var after = _fixture.OpenOn(powerless)) Assert.Equal(Numbers(6), LogFixture.Values(after).Take(6));
        using (var after = _fixture.Reopen()) Assert.Equal(Numbers(9), LogFixture.Values(after));
        using var last = _fixture.Reopen();
        Assert.Equal(Numbers(9), LogFixture.Values(last));
        Assert.Equal(9, last.HighWatermark);
    }

    [Theory]
    [InlineData(5, "empty")]
    [InlineData(3, "junk")]
    [InlineData(3, "copy of 4")]
    [InlineData(1, "inside")] // its first batch is where its name says, which is inside another segment
    [InlineData(99_999, "empty")]
    public void A_stray_segment_that_appears_after_a_crash_takes_no_acknowledged_record_along(long offset, string content)
    {
        // Nothing but the first segments' bytes is known to be on the device.
        Write(6);
        _fixture.Disk.DeleteFile(LogFixture.RecoveryPointPath);
        Stray(offset, content);

        using var log = _fixture.Reopen();

        Assert.Equal(Numbers(6), LogFixture.Values(log));
        Assert.Equal(6, log.HighWatermark);
    }

    [Theory]
    [InlineData(0, 5)] // a new log, and a stray after it
    [InlineData(5, 0)] // a log of which all was deleted, and a stray before it
    public void An_empty_log_stays_where_it_is_beside_an_empty_stray(long end, long stray)
    {
        Write((int)end, deleted: end);
        Stray(stray, "empty");

        var log = _fixture.Open(afterCleanShutdown: true);
        Assert.Equal((end, end), (log.LogStartOffset, log.HighWatermark));
        Assert.Equal(end, log.Append(_fixture.Batch("next"), zstdAllowed: true).BaseOffset);

        using var again = _fixture.Reopen();
        Assert.Equal(["next"], LogFixture.Values(again));
        Assert.Equal(end, again.LogStartOffset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the end of the segment after the gap is damaged: the recovery point is past the end, and goes
    public void A_gap_that_a_clean_start_let_stand_stands_after_a_crash_too(bool damaged)
    {
        // 1. Of three segments the one in the middle went; the recovery point stayed behind, as it does on a full disk.
        Write(6);
        _fixture.Disk.DeleteFile(LogFixture.SegmentPath(2));
        if (damaged) _fixture.Disk.Edit(LogFixture.SegmentPath(4), bytes => bytes[..(bytes.Length / 2)]);
        else _fixture.Disk.DeleteFile(LogFixture.RecoveryPointPath);
        string[] after = damaged ? ["4"] : ["4", "5"];

        // 2. A clean start goes on after the gap, and records are acknowledged.
        var log = _fixture.Open(afterCleanShutdown: true);
        var end = log.HighWatermark;
        Assert.Equal(4 + after.Length, end);
        log.Append(_fixture.Batch("next"), zstdAllowed: true);

        // 3. A kill takes none of them; a loss of power none of those before.
        var powerless = _fixture.Disk.Copy();
        powerless.LosePower();
        using (var left = _fixture.OpenOn(powerless)) Assert.Equal(after, LogFixture.Values(left, from: 4).Take(after.Length));
        using var again = _fixture.Reopen();
        Assert.Equal(["0", "1"], LogFixture.Values(again, from: 0, to: 2));
        Assert.Equal([.. after, "next"], LogFixture.Values(again, from: 4));
        Assert.Equal(end + 1, again.HighWatermark);
    }

    [Fact]
    public void An_empty_active_segment_after_a_gap_holds_the_end_of_the_log()
    {
        // 1. The segment before the empty active one went.
        Write(4);
        Stray(4, "empty");
        _fixture.Disk.DeleteFile(LogFixture.SegmentPath(2));

        // 2. Who has read all before the gap waits there.
        var log = _fixture.Open(afterCleanShutdown: true);
        using var buffer = new KafkaWriter();
        Assert.Equal((ErrorCode.None, 0), (log.Read(2, 1 << 20, atLeastOneBatch: true, buffer).Error, buffer.Length));

        // 3. No offset is given twice, what comes next is read from before the gap, and a crash takes none of it.
        Assert.Equal(4, log.Append(_fixture.Batch("4"), zstdAllowed: true).BaseOffset);
        Assert.Equal(ErrorCode.None, log.Read(2, 1 << 20, atLeastOneBatch: true, buffer).Error);
        Assert.Equal(4, RecordBatchHeader.Read(buffer.Written.Span).BaseOffset);
        using var again = _fixture.Reopen();
        Assert.Equal(["4"], LogFixture.Values(again, from: 4));
        Assert.Equal(["0", "1"], LogFixture.Values(again, from: 0, to: 2));
    }

    /// <summary>Segments of two batches of one record each, stopped cleanly.</summary>
    void Write(int records, long deleted = 0)
    {
        using var log = _fixture.Open();
        for (var i = 0; i < records; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        log.DeleteRecordsBefore(deleted);
    }

    byte[] Stray(long offset, string content)
    {
        var bytes = content switch
        {
            "empty" => Array.Empty<byte>(),
            "junk" => "junk"u8.ToArray(),
            "damaged" => [.. At(offset, _fixture.Batch("x"))[..^1], 0xFF],
            "inside" => At(offset, _fixture.Batch("x")),
            _ => _fixture.Disk.Bytes(
                LogFixture.SegmentPath(long.Parse(content["copy of ".Length..], CultureInfo.InvariantCulture))),
        };
        _fixture.Disk.ReplaceWhole(LogFixture.SegmentPath(offset), bytes);
        _fixture.Disk.SyncNames();
        return bytes;
    }

    /// <summary>The base offset is not among the bytes that the checksum covers.</summary>
    static byte[] At(long offset, byte[] batch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, offset);
        return batch;
    }

    static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(i => $"{i}");

    IEnumerable<byte[]> AsideFiles()
    {
        var aside = $"{LogFixture.Directory}/aside";
        return from time in _fixture.Disk.ListDirectories(aside)
               from name in _fixture.Disk.ListFiles($"{aside}/{time}")
               select _fixture.Disk.Bytes($"{aside}/{time}/{name}");
    }
}
