using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>What a start does with files that it did not expect: no record is lost to them, and they are not lost either.</summary>
public sealed class ForeignFilesTests
{
    readonly LogFixture _fixture = new() { Options = new LogFixture().Options with { SegmentBytes = 100 } };

    [Theory]
    [InlineData("5.log")]
    [InlineData("1.log")]
    [InlineData("000000000000000000005.log")] // 21 digits
    [InlineData("+0000000000000000005.log")]
    [InlineData("99999999999999999999.log")] // no offset is so high
    [InlineData("00000000000000000005.LOG")]
    [InlineData("00000000000000000005.log.bak")]
    [InlineData("notes.txt")]
    [InlineData("notes.txt~")]
    [InlineData("5.index")]
    [InlineData("7.snapshot")]
    public void A_file_whose_name_is_not_ours_is_left_alone_and_costs_no_record(string name)
    {
        WriteThreeSegments();
        foreach (var afterCleanShutdown in (bool[])[true, false])
        {
            _fixture.Disk.ReplaceWhole($"{LogFixture.Directory}/{name}", "mine"u8);
            using var again = _fixture.Open(afterCleanShutdown);
            Assert.Equal(["0", "1", "2"], LogFixture.Values(again));
            Assert.Equal((0, 3), (again.LogStartOffset, again.HighWatermark));
            Assert.Equal("mine"u8.ToArray(), _fixture.Disk.Bytes($"{LogFixture.Directory}/{name}"));
            Assert.Empty(_fixture.Told.Warnings);
        }
    }

    [Fact]
    public void A_segment_that_lies_inside_another_is_set_aside_after_a_clean_stop_and_the_others_stay()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        WriteThreeSegments(batches: 6);
        _fixture.Disk.ReplaceWhole(LogFixture.SegmentPath(1), "junk"u8);

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.Equal(["0", "1", "2", "3", "4", "5"], LogFixture.Values(again));
        Assert.Equal("junk"u8.ToArray(), _fixture.Disk.Bytes(LogFixture.AsidePath($"{1:D20}.log")));
        Assert.Contains("the segment at offset 1, 4 bytes,", Assert.Single(_fixture.Told.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_that_is_found_after_a_clean_stop_costs_the_rest_of_its_segment_and_no_other()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        WriteThreeSegments(batches: 6);
        var damaged = _fixture.Disk.Bytes(LogFixture.SegmentPath(2));
        _fixture.Disk.Edit(LogFixture.SegmentPath(2), bytes => [.. bytes[..(bytes.Length / 2)], .. new byte[bytes.Length / 2]]);
        _fixture.Disk.DeleteFile(LogFixture.SegmentPath(2, ".index"));

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.Equal(["0", "1", "2"], LogFixture.Values(again, from: 0, to: 3));
        Assert.Equal(["4", "5"], LogFixture.Values(again, from: 4));
        Assert.Equal(damaged.Length / 2, _fixture.Disk.Bytes(LogFixture.AsidePath($"{2:D20}.log.tail")).Length);
    }

    [Fact]
    public void A_log_start_past_the_end_sets_all_segments_aside()
    {
        WriteThreeSegments();
        var first = _fixture.Disk.Bytes(LogFixture.SegmentPath(0));
        _fixture.Disk.ReplaceWhole($"{LogFixture.Directory}/log-start-offset-checkpoint", "0\n1\norders 0 9\n"u8);

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.Equal((9, 9), (again.LogStartOffset, again.HighWatermark));
        Assert.Equal(first, _fixture.Disk.Bytes(LogFixture.AsidePath($"{0:D20}.log")));
        Assert.Equal(3, _fixture.Told.Warnings.Count(told => told.Contains("the log starts at offset 9", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_set_aside_twice_is_there_twice()
    {
        for (var time = 1; time <= 3; time++)
        {
            _fixture.Open().Dispose();
            _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => [.. bytes, (byte)time]);
        }
        _fixture.Open().Dispose();

        for (var time = 1; time <= 3; time++)
            Assert.Equal([(byte)time], _fixture.Disk.Bytes(LogFixture.AsidePath($"{0:D20}.log.tail", time)));
    }

    [Fact]
    public void A_tail_that_a_full_disk_takes_no_copy_of_stays_until_there_is_room_while_the_rest_is_read()
    {
        // 1. A torn batch, and a full disk.
        using (var log = _fixture.Open()) log.Append(_fixture.Batch("a"), zstdAllowed: true);
        var torn = _fixture.Batch("torn")[..^1];
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => [.. bytes, .. torn]);
        var whole = _fixture.Disk.Bytes(LogFixture.SegmentPath(0));
        _fixture.Disk.Capacity = 0;

        // 2. What is sound is read; nothing is appended, nothing cut off, and a stop is not a clean one.
        using (var full = _fixture.Open())
        {
            Assert.Equal(["a"], LogFixture.Values(full));
            Assert.NotEqual(ErrorCode.None, full.Append(_fixture.Batch("b"), zstdAllowed: true).Error);
            Assert.Equal(whole, _fixture.Disk.Bytes(LogFixture.SegmentPath(0)));
            Assert.False(full.IsOffline);
            full.Dispose();
            Assert.True(full.IsOffline);
        }

        // 3. With room the tail moves out of the way of the next batch.
        using var again = _fixture.Open();
        _fixture.Disk.Capacity = long.MaxValue;
        Assert.Equal(1, again.Append(_fixture.Batch("b"), zstdAllowed: true).BaseOffset);
        Assert.Equal(["a", "b"], LogFixture.Values(again));
        Assert.Equal(torn, LastTail());
    }

    byte[] LastTail()
    {
        var times = _fixture.Disk.ListDirectories($"{LogFixture.Directory}/aside");
        return _fixture.Disk.Bytes(LogFixture.AsidePath($"{0:D20}.log.tail", times.Count));
    }

    /// <summary>Stopped cleanly.</summary>
    void WriteThreeSegments(int batches = 3)
    {
        using var log = _fixture.Open();
        for (var i = 0; i < batches; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
    }
}
