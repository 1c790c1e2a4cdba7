using System.Buffers.Binary;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

public sealed class DiskFailureTests
{
    readonly LogFixture _fixture = new();

    [Fact]
    public void A_torn_write_is_refused_taken_back_and_does_not_hinder_the_next()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.IdempotentBatch(7, 0, 0, "a"), zstdAllowed: true);
        var before = _fixture.Disk.Bytes(LogFixture.SegmentPath(0));

        _fixture.Disk.Fails = (operation, _) => operation == "write";
        var refused = log.Append(_fixture.IdempotentBatch(7, 0, 1, "b"), zstdAllowed: true);
        _fixture.Disk.Fails = (_, _) => false;

        Assert.Equal(ErrorCode.KafkaStorageError, refused.Error);
        Assert.Equal(before, _fixture.Disk.Bytes(LogFixture.SegmentPath(0)));
        Assert.False(log.IsOffline);
        // The producer sends it again: it must not be taken for a repetition.
        Assert.Equal(1, log.Append(_fixture.IdempotentBatch(7, 0, 1, "b"), zstdAllowed: true).BaseOffset);
        Assert.Equal(["a", "b"], LogFixture.Values(log));
    }

    [Theory]
    [InlineData(-12)] // with the bytes up to its field: 0
    [InlineData(-13)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(0)]
    public void A_length_damaged_on_the_disk_ends_a_read_before_it_and_is_corrupt_to_the_next(int damaged)
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        var size = _fixture.Disk.Bytes(LogFixture.SegmentPath(0)).Length;
        log.Append(_fixture.Batch("b"), zstdAllowed: true);
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes =>
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(size + RecordBatchHeader.LengthAt), damaged);
            return bytes;
        });

        using var buffer = new KafkaWriter();
        var read = log.Read(0, 1 << 20, atLeastOneBatch: true, buffer);
        Assert.Equal((ErrorCode.None, size), (read.Error, read.Bytes));
        Assert.Equal(ErrorCode.CorruptMessage, log.Read(1, 1 << 20, atLeastOneBatch: true, buffer).Error);
    }

    [Fact]
    public void A_time_looked_for_in_a_segment_that_has_become_shorter_is_not_found()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => bytes[..^1]);
        Assert.Null(log.FindByTimestamp(0));
    }

    [Fact]
    public void A_batch_that_is_no_longer_whole_is_a_corrupt_message()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => bytes[..^1]);
        using var buffer = new KafkaWriter();
        Assert.Equal((ErrorCode.CorruptMessage, 0), (log.Read(0, 1 << 20, atLeastOneBatch: true, buffer).Error, buffer.Length));
    }

    [Fact]
    public void On_a_full_disk_producers_are_refused_readers_go_on_and_space_heals_it()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Disk.Capacity = _fixture.Disk.Bytes(LogFixture.SegmentPath(0)).Length + 60;

        Assert.Equal(ErrorCode.KafkaStorageError, log.Append(_fixture.Batch("b"), zstdAllowed: true).Error);
        Assert.Equal(["a"], LogFixture.Values(log));

        _fixture.Disk.Capacity = long.MaxValue;
        Assert.Equal(1, log.Append(_fixture.Batch("b"), zstdAllowed: true).BaseOffset);
        Assert.Equal(["a", "b"], LogFixture.Values(_fixture.Reopen()));
    }

    [Fact]
    public void On_a_full_disk_a_roll_is_refused_and_retention_makes_room_for_it()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200, RetentionBytes = 200 };
        using var log = _fixture.Open();
        for (var i = 0; i < 6; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        _fixture.Disk.Capacity = 0;

        Assert.Equal(ErrorCode.KafkaStorageError, log.Append(_fixture.Batch("6"), zstdAllowed: true).Error);
        log.ApplyRetention();
        _fixture.Disk.Capacity = long.MaxValue;

        Assert.Equal(6, log.Append(_fixture.Batch("6"), zstdAllowed: true).BaseOffset);
        Assert.Equal(["4", "5", "6"], LogFixture.Values(log).TakeLast(3));
        Assert.True(log.LogStartOffset > 0);
    }

    [Fact]
    public async Task On_a_full_disk_the_sealed_segments_go_although_there_is_no_room_to_replace_the_active_one()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200, RetentionTime = TimeSpan.FromHours(1) };
        using var log = _fixture.Open();
        for (var i = 0; i < 6; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        _fixture.Clock.Advance(TimeSpan.FromHours(2));
        _fixture.Disk.Fails = (operation, _) => operation == "write";

        log.ApplyRetention();
        Assert.Equal(["4", "5"], LogFixture.Values(log));
        await _fixture.Deletion(baseOffset: 0);
        await _fixture.Deletion(baseOffset: 2);

        _fixture.Disk.Fails = (_, _) => false;
        log.ApplyRetention();
        Assert.Equal((6, 6), (log.LogStartOffset, log.HighWatermark));
    }

    [Fact]
    public void A_start_on_a_full_disk_serves_what_is_there_and_does_not_believe_old_indexes_later()
    {
        // 1. A segment of one batch whose indexes were written at a clean end, and which grew and was followed by another after that.
        _fixture.Options = _fixture.Options with { SegmentBytes = 200, RetentionTime = TimeSpan.FromDays(2) };
        using (var first = _fixture.Open()) first.Append(_fixture.Batch("0"), zstdAllowed: true);
        var old = _fixture.Disk.Bytes(LogFixture.SegmentPath(0, ".timeindex"));
        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        var log = _fixture.Open();
        for (var i = 1; i < 4; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);

        // 2. A crash that left the old index, and a disk that is full at the next start.
        _fixture.CrashedWith(disk =>
        {
            disk.Edit(LogFixture.SegmentPath(0, ".timeindex"), _ => old);
            disk.DeleteFile(LogFixture.RecoveryPointPath);
            disk.Capacity = 0;
        });
        using (var full = _fixture.Open()) Assert.Equal(["0", "1", "2", "3"], LogFixture.Values(full));

        // 3. The segment's newest record is not two days old: nothing may go.
        _fixture.Disk.Capacity = long.MaxValue;
        _fixture.Clock.Advance(TimeSpan.FromDays(1.5));
        using var again = _fixture.Open(afterCleanShutdown: true);
        again.ApplyRetention();
        Assert.Equal(["0", "1", "2", "3"], LogFixture.Values(again));
    }

    [Fact]
    public void A_torn_write_that_can_not_be_taken_back_takes_the_partition_offline_until_it_is_opened_again()
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);

        _fixture.Disk.Fails = (operation, _) => operation is "write" or "truncate";
        Assert.Equal(ErrorCode.KafkaStorageError, log.Append(_fixture.Batch("b"), zstdAllowed: true).Error);
        _fixture.Disk.Fails = (_, _) => false;

        Assert.True(log.IsOffline);
        Assert.Equal(ErrorCode.KafkaStorageError, log.Append(_fixture.Batch("c"), zstdAllowed: true).Error);
        using (var buffer = new KafkaWriter())
            Assert.Equal(ErrorCode.KafkaStorageError, log.Read(0, 100, atLeastOneBatch: true, buffer).Error);
        log.Dispose();
        Assert.True(log.IsOffline);

        using var again = _fixture.Open();
        Assert.Equal(["a"], LogFixture.Values(again));
    }

    [Fact]
    public void A_failed_read_takes_the_partition_offline_and_puts_nothing_into_the_response()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        using var buffer = new KafkaWriter();
        buffer.WriteInt32(1);

        _fixture.Disk.Fails = (operation, _) => operation == "read";

        Assert.Equal(ErrorCode.KafkaStorageError, log.Read(0, 100, atLeastOneBatch: true, buffer).Error);
        Assert.Equal(sizeof(int), buffer.Length);
        Assert.True(log.IsOffline);
    }

    [Fact]
    public void A_batch_that_the_disk_has_lost_is_a_corrupt_message_and_its_neighbours_are_served()
    {
        using var log = _fixture.Open();
        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        var size = _fixture.Disk.Bytes(LogFixture.SegmentPath(0)).Length / 3;
        _fixture.Disk.Edit(LogFixture.SegmentPath(0), bytes => [.. bytes[..size], .. new byte[size], .. bytes[(2 * size)..]]);
        using var buffer = new KafkaWriter();

        Assert.Equal(ErrorCode.CorruptMessage, log.Read(1, 1000, atLeastOneBatch: true, buffer).Error);
        Assert.Equal(0, buffer.Length);
        Assert.Equal(size, log.Read(0, size, atLeastOneBatch: true, buffer).Bytes);
    }

    [Fact]
    public async Task A_failed_flush_of_a_full_segment_takes_the_partition_offline_and_leaves_the_recovery_point()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var log = _fixture.Open();
        _fixture.Disk.Fails = (operation, path) => operation == "flush" && path.EndsWith(".log", StringComparison.Ordinal);

        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);

        await Eventually.Holds(() => log.IsOffline, "the partition to go offline");
        Assert.False(_fixture.Disk.FileExists(LogFixture.RecoveryPointPath));
        _fixture.Disk.Fails = (_, _) => false;
        Assert.Equal(["0", "1", "2"], LogFixture.Values(_fixture.Reopen()));
    }

    [Fact]
    public async Task A_recovery_point_that_finds_no_room_takes_no_partition_offline()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        using var log = _fixture.Open();
        var refused = 0;
        _fixture.Disk.Fails = (operation, path) =>
            operation == "write" && path.Contains("recovery-point", StringComparison.Ordinal) && Interlocked.Increment(ref refused) > 0;

        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);

        await Eventually.Holds(() => Volatile.Read(ref refused) > 0, "a recovery point that could not be written");
        log.Dispose(); // waits for the flush in the background
        Assert.False(log.IsOffline);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("read")]
    [InlineData("open")]
    public void A_directory_that_can_not_be_read_gives_an_offline_partition_and_heals_with_the_disk(string operation)
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var log = _fixture.Open();
        for (var i = 0; i < 5; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        log.Dispose();
        _fixture.Disk.Fails = (name, _) => name == operation;

        using var offline = _fixture.Open();
        using var buffer = new KafkaWriter();

        Assert.True(offline.IsOffline);
        Assert.Equal(ErrorCode.KafkaStorageError, offline.Append(_fixture.Batch("a"), zstdAllowed: true).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, offline.Read(0, 100, atLeastOneBatch: true, buffer).Error);
        Assert.Null(offline.FindMaxTimestamp());
        offline.ApplyRetention();
        _fixture.Disk.Fails = (_, _) => false;
        Assert.Equal(["0", "1", "2", "3", "4"], LogFixture.Values(_fixture.Open()));
    }

    [Fact]
    public void A_close_whose_flush_fails_is_not_clean()
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Disk.Fails = (operation, _) => operation == "flush";

        log.Dispose();

        Assert.True(log.IsOffline);
    }

    [Fact]
    public void A_close_on_a_full_disk_brings_everything_to_the_device()
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Disk.Capacity = 0;

        log.Dispose();

        Assert.False(log.IsOffline);
        _fixture.Disk.Capacity = long.MaxValue;
        _fixture.Disk.LosePower();
        Assert.Equal(["a"], LogFixture.Values(_fixture.Open(afterCleanShutdown: true)));
    }
}
