using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>Recovery told in numbered steps.</summary>
public sealed class LogRecoveryTests
{
    readonly LogFixture _fixture = new();

    [Fact]
    public void A_tail_torn_at_any_byte_of_the_last_batch_is_cut_off_and_nothing_else()
    {
        // 1. Two batches are in the log.
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a", "b"), zstdAllowed: true);
        var sound = _fixture.Disk.Bytes(LogFixture.SegmentPath(0)).Length;
        log.Append(_fixture.Batch("torn"), zstdAllowed: true);
        var whole = _fixture.Disk.Bytes(LogFixture.SegmentPath(0)).Length;

        for (var length = sound; length < whole; length++)
        {
            // 2. The machine stops while the second is being written: only part of it is there.
            var disk = _fixture.Disk.Copy();
            disk.Edit(LogFixture.SegmentPath(0), bytes => bytes[..length]);
            using var again = _fixture.OpenOn(disk);

            // 3. The first is there, the second gone, and the next gets its offset.
            Assert.Equal(["a", "b"], LogFixture.Values(again));
            Assert.Equal(sound, disk.Bytes(LogFixture.SegmentPath(0)).Length);
            Assert.Equal(2, again.Append(_fixture.Batch("c"), zstdAllowed: true).BaseOffset);
            Assert.Equal(["a", "b", "c"], LogFixture.Values(again));
        }
    }

    [Fact]
    public void A_tail_of_zeros_as_a_file_system_leaves_it_after_power_loss_is_cut_off()
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => [.. bytes, .. new byte[4096]]);

        using var again = _fixture.Reopen();

        Assert.Equal(["a"], LogFixture.Values(again));
    }

    [Fact]
    public void A_flipped_bit_in_the_middle_ends_the_log_there_and_what_follows_is_set_aside()
    {
        // 1. Three segments of two batches each, none of them flushed.
        var disk = WithSegmentsOfTwo(3);

        // 2. The last bit of the second batch of the second segment is wrong.
        disk.Edit(LogFixture.SegmentPath(2), bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        var (damaged, last) = (disk.Bytes(LogFixture.SegmentPath(2)), disk.Bytes(LogFixture.SegmentPath(4)));
        using var again = _fixture.OpenOn(disk);

        // 3. What came before it is there; the damaged batch and what came after are beside it, byte for byte, and named with their sizes.
        Assert.Equal(["0", "1", "2"], LogFixture.Values(again));
        Assert.False(disk.FileExists(LogFixture.SegmentPath(4)));
        Assert.Equal(last, disk.Bytes(LogFixture.AsidePath($"{4:D20}.log")));
        Assert.Equal(damaged[(damaged.Length / 2)..], disk.Bytes(LogFixture.AsidePath($"{2:D20}.log.tail")));
        Assert.Equal(
            [
                $"{LogFixture.Directory}: the segment at offset 4, {last.Length} bytes, does not fit into the log: " +
                $"the log breaks off at offset 3; it is {LogFixture.AsidePath($"{4:D20}.log")} now",
                $"{LogFixture.Directory}: {damaged.Length / 2} bytes from offset 3 on were not whole, sound batches; " +
                $"they are in {LogFixture.AsidePath($"{2:D20}.log.tail")} now",
            ],
            _fixture.Told.Warnings);
        Assert.Equal(3, again.HighWatermark);
        Assert.Equal(3, again.Append(_fixture.Batch("again"), zstdAllowed: true).BaseOffset);
    }

    [Fact]
    public void A_recovery_that_dies_at_any_step_of_ending_the_log_is_finished_by_the_next()
    {
        // 1. Four segments of two batches each, none of them flushed; the first breaks off in its second batch.
        var disk = WithSegmentsOfTwo(4);
        disk.Edit(LogFixture.SegmentPath(0), bytes => bytes[..^1]);

        // 2. A recovery that remembers what the disk looked like before each change.
        var moments = new List<(string Step, MemoryFileSystem Disk)>();
        disk.Changing = (operation, path) => moments.Add(($"{operation} {path}", disk.Copy()));
        _fixture.OpenOn(disk).Dispose();
        Assert.Contains(moments, moment => moment.Step == $"rename {LogFixture.AsidePath($"{6:D20}.log")}");

        // 3. From each of those moments the next one comes to the same end, without a gap.
        foreach (var (step, then) in moments)
        {
            using var again = _fixture.OpenOn(then);
            Assert.True(LogFixture.Values(again).SequenceEqual(["0"]), step);
            Assert.Equal(1, again.Append(_fixture.Batch("again"), zstdAllowed: true).BaseOffset);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // nor are indexes that were flushed believed to reach over the gap
    public void A_gap_before_the_recovery_point_costs_no_record_before_or_after_it(bool afterCleanShutdown)
    {
        // 1. Three segments of two batches each, all of them flushed; the one in the middle went.
        var disk = WithSegmentsOfTwo(3);
        _fixture.OpenOn(disk).Dispose();
        disk.DeleteFile(LogFixture.SegmentPath(2));

        // 2. Who reads on from before the gap goes on after it.
        using var again = _fixture.OpenOn(disk, afterCleanShutdown);
        Assert.Equal((0, 6), (again.LogStartOffset, again.HighWatermark));
        Assert.Equal(["0", "1"], LogFixture.Values(again, from: 0, to: 2));
        using var buffer = new KafkaWriter();
        foreach (var missing in (long[])[2, 3])
        {
            buffer.Clear();
            Assert.Equal(ErrorCode.None, again.Read(missing, 1 << 20, atLeastOneBatch: true, buffer).Error);
            Assert.Equal(4, RecordBatchHeader.Read(buffer.Written.Span).BaseOffset);
        }
        Assert.Equal(["4", "5"], LogFixture.Values(again, from: 4));
        Assert.Equal(6, again.Append(_fixture.Batch("6"), zstdAllowed: true).BaseOffset);
        Assert.Contains(_fixture.Told.Warnings, told => told.Contains("no records are there from offset 2 to 4", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gap_in_what_a_user_deleted_costs_no_record_after_it()
    {
        // 1. Records before 4 were deleted; the first segment came back with a loss of power.
        var disk = WithSegmentsOfTwo(3);
        var first = disk.Bytes(LogFixture.SegmentPath(0));
        _fixture.OpenOn(disk).DeleteRecordsBefore(4);
        disk.DeleteFile(LogFixture.RecoveryPointPath);
        using (disk.Open(LogFixture.SegmentPath(0))) disk.Edit(LogFixture.SegmentPath(0), _ => first);

        using var again = _fixture.OpenOn(disk);

        Assert.Equal(["4", "5"], LogFixture.Values(again));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)] // of two: what is left of it is sound
    public void A_segment_that_lost_batches_with_the_power_takes_no_flushed_one_along(int left)
    {
        // 1. Three segments of two batches each, of which the first has been through fsync.
        var disk = WithSegmentsOfTwo(3);
        using (var point = disk.Open(LogFixture.RecoveryPointPath)) point.Write("0\n1\norders 0 2\n"u8, 0);

        // 2. The second breaks off between two batches.
        disk.Edit(LogFixture.SegmentPath(2), bytes => bytes[..(bytes.Length / 2 * left)]);
        using var again = _fixture.OpenOn(disk);

        // 3. The log ends there.
        Assert.Equal(Enumerable.Range(0, 2 + left).Select(i => $"{i}"), LogFixture.Values(again));
        Assert.Equal(2 + left, again.Append(_fixture.Batch("again"), zstdAllowed: true).BaseOffset);
        Assert.False(disk.FileExists(LogFixture.SegmentPath(4)));
    }

    [Fact]
    public void Missing_and_unsound_indexes_of_flushed_segments_are_built_again()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 2000, IndexIntervalBytes = 100 };
        using (var log = _fixture.Open())
            for (var i = 0; i < 60; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        var sound = _fixture.Disk.Bytes(LogFixture.SegmentPath(0, ".index"));
        Assert.NotEmpty(sound);

        foreach (var damage in (Action[])
        [
            () => _fixture.Disk.DeleteFile(LogFixture.SegmentPath(0, ".index")),
            () => _fixture.Disk.DeleteFile(LogFixture.SegmentPath(0, ".timeindex")),
            () => _fixture.Disk.Edit(LogFixture.SegmentPath(0, ".index"), bytes => bytes[..^3]),
            () => _fixture.Disk.Edit(LogFixture.SegmentPath(0, ".index"), bytes => [.. bytes[8..], .. bytes[..8]]),
            () => _fixture.Disk.Edit(LogFixture.SegmentPath(0, ".timeindex"), _ => []),
        ])
        {
            damage();
            using var again = _fixture.Open(afterCleanShutdown: true);
            Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), LogFixture.Values(again));
            Assert.Equal(sound, _fixture.Disk.Bytes(LogFixture.SegmentPath(0, ".index")));
        }
    }

    [Fact]
    public void The_process_may_end_before_any_step_of_a_roll()
    {
        // 1. A disk that remembers what it looked like before each change.
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var moments = new List<(string Step, int Acknowledged, MemoryFileSystem Disk)>();
        var acknowledged = 0;
        var log = _fixture.Open();
        var disk = _fixture.Disk;
        disk.Changing = (operation, path) => { lock (moments) moments.Add(($"{operation} {path}", acknowledged, disk.Copy())); };

        // 2. Batches are appended over several rolls.
        for (var i = 0; i < 8; i++)
        {
            log.Append(_fixture.IdempotentBatch(7, 0, i, $"{i}"), zstdAllowed: true);
            acknowledged++;
        }

        // 3. From each of those moments the log comes back with all that was acknowledged, and knows the producer.
        lock (moments)
            foreach (var (step, count, then) in moments)
            {
                using var again = _fixture.OpenOn(then);
                var values = LogFixture.Values(again);
                Assert.True(values.Take(count).SequenceEqual(Enumerable.Range(0, count).Select(i => $"{i}")), step);
                Assert.True(values.Count <= count + 1, step);
                if (count == 0) continue;
                Assert.Equal(count - 1, again.Append(_fixture.IdempotentBatch(7, 0, count - 1, $"{count - 1}"), zstdAllowed: true).BaseOffset);
            }
        lock (moments) Assert.Contains(moments, moment => moment.Step.Contains(".snapshot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_segment_survives_a_loss_of_power_once_the_recovery_point_has_passed_it()
    {
        // 1. The first segment is full; flushing it happens in the background.
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var log = _fixture.Open();
        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        await Eventually.Holds(() => _fixture.Disk.FileExists(LogFixture.RecoveryPointPath), "a recovery point");

        // 2. Power is lost: what was never flushed is gone.
        var disk = _fixture.Disk.Copy();
        disk.LosePower();

        // 3. The full segment is there.
        using var again = _fixture.OpenOn(disk);
        Assert.Equal(["0", "1"], LogFixture.Values(again));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // nor is it believed after a crash that came before another flush
    public void What_is_appended_after_a_cut_below_the_recovery_point_is_not_taken_for_flushed(bool crash)
    {
        // 1. Three batches are on the device, and the disk damages the second.
        using (var log = _fixture.Open())
            for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => [.. bytes[..(bytes.Length / 3)], .. new byte[bytes.Length * 2 / 3]]);

        // 2. The log is cut there, and a batch takes the offset.
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var again = _fixture.Open();
        Assert.Equal(1, again.Append(_fixture.Batch("again"), zstdAllowed: true).BaseOffset);
        if (crash)
        {
            // 3. The process dies when a second segment has been begun, and the machine with it: the new batch is only half there.
            _fixture.Disk.Fails = (operation, path) => operation == "flush";
            again.Append(_fixture.Batch("next"), zstdAllowed: true);
            _fixture.CrashedWith(disk => disk.Edit(LogFixture.SegmentPath(0), bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]));
            using var last = _fixture.Open();
            Assert.Equal(["0"], LogFixture.Values(last));
            return;
        }

        // 4. A clean stop brings it to the device.
        again.Dispose();
        _fixture.Disk.LosePower();
        using var after = _fixture.Open(afterCleanShutdown: true);
        Assert.Equal(["0", "again"], LogFixture.Values(after));
    }

    [Fact]
    public void What_was_closed_cleanly_survives_a_loss_of_power()
    {
        using (var log = _fixture.Open()) log.Append(_fixture.Batch("a", "b"), zstdAllowed: true);
        _fixture.Disk.LosePower();

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.Equal(["a", "b"], LogFixture.Values(again));
    }

    [Fact]
    public void Offsets_deleted_by_a_user_are_never_handed_out_again_even_when_the_records_after_them_are_lost()
    {
        var log = _fixture.Open();
        for (var i = 0; i < 5; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        Assert.Equal(ErrorCode.None, log.DeleteRecordsBefore(4));
        _fixture.Disk.LosePower();

        using var again = _fixture.Open();

        Assert.Equal(4, again.LogStartOffset);
        Assert.Equal(4, again.Append(_fixture.Batch("next"), zstdAllowed: true).BaseOffset);
    }

    /// <summary>A disk after a crash: so many segments of two batches of one record each, the recovery point at 0.</summary>
    MemoryFileSystem WithSegmentsOfTwo(int segments)
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var log = _fixture.Open();
        for (var i = 0; i < 2 * segments; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        var disk = _fixture.Disk.Copy();
        disk.DeleteFile(LogFixture.RecoveryPointPath);
        return disk;
    }
}
