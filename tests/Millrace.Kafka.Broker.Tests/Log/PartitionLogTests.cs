using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Tests.Log;

public sealed class PartitionLogTests
{
    readonly LogFixture _fixture = new();

    [Fact]
    public void Records_get_consecutive_offsets_and_are_read_back()
    {
        using var log = _fixture.Open();

        Assert.Equal(0, log.Append(_fixture.Batch("a", "b"), zstdAllowed: true).BaseOffset);
        Assert.Equal(2, log.Append(_fixture.Batch("c"), zstdAllowed: true).BaseOffset);

        Assert.Equal(3, log.HighWatermark);
        Assert.Equal(["a", "b", "c"], LogFixture.Values(log));
        Assert.Equal(["b", "c"], LogFixture.Values(log, from: 1));
    }

    [Fact]
    public void A_batch_is_stored_as_it_came_save_for_base_offset_and_leader_epoch()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("first"), zstdAllowed: true);
        var sent = _fixture.Batch("a", "b");

        log.Append(sent, zstdAllowed: true);

        using var buffer = new KafkaWriter();
        log.Read(1, 1 << 20, atLeastOneBatch: true, buffer);
        var header = RecordBatchHeader.Read(buffer.Written.Span);
        Assert.Equal(RecordBatchHeader.Read(sent) with { BaseOffset = 1, PartitionLeaderEpoch = 0 }, header);
        Assert.Equal(sent[RecordBatchHeader.Size..], buffer.Written.Span[RecordBatchHeader.Size..].ToArray());
    }

    [Fact]
    public void A_read_ends_with_a_whole_batch_at_or_before_max_bytes()
    {
        using var log = _fixture.Open();
        var batch = _fixture.Batch("a");
        for (var i = 0; i < 3; i++) log.Append(batch, zstdAllowed: true);
        using var buffer = new KafkaWriter();

        Assert.Equal(2 * batch.Length, log.Read(0, 3 * batch.Length - 1, atLeastOneBatch: false, buffer).Bytes);
        Assert.Equal(0, log.Read(0, batch.Length - 1, atLeastOneBatch: false, buffer).Bytes);
        Assert.Equal(batch.Length, log.Read(0, 1, atLeastOneBatch: true, buffer).Bytes);
    }

    [Fact]
    public void Offsets_outside_of_the_log_are_out_of_range_and_the_high_watermark_is_empty()
    {
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        using var buffer = new KafkaWriter();

        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(-1, 100, atLeastOneBatch: true, buffer).Error);
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(2, 100, atLeastOneBatch: true, buffer).Error);
        Assert.Equal(new ReadResult(ErrorCode.None, 1, 0, 0), log.Read(1, 100, atLeastOneBatch: true, buffer));
    }

    [Fact]
    public void A_full_segment_is_followed_by_a_new_one_and_reads_cross_over()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        using var log = _fixture.Open();
        var values = Enumerable.Range(0, 20).Select(i => $"value {i}").ToArray();

        foreach (var value in values) Assert.Equal(ErrorCode.None, log.Append(_fixture.Batch(value), zstdAllowed: true).Error);

        Assert.True(_fixture.Disk.FileExists(LogFixture.SegmentPath(2)));
        Assert.Equal(values, LogFixture.Values(log));
        Assert.Equal(values[13..], LogFixture.Values(log, from: 13));
    }

    [Fact]
    public void Every_offset_is_found_through_the_index()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 3000, IndexIntervalBytes = 200 };
        using var log = _fixture.Open();
        for (var i = 0; i < 200; i++) log.Append(_fixture.Batch($"{2 * i}", $"{2 * i + 1}"), zstdAllowed: true);

        for (var offset = 0; offset < 400; offset++)
            Assert.Equal($"{offset}", LogFixture.Values(log, offset)[0]);
    }

    [Fact]
    public void A_log_closed_cleanly_opens_with_the_same_records_and_producers()
    {
        using (var log = _fixture.Open()) log.Append(_fixture.IdempotentBatch(7, 0, 0, "a", "b"), zstdAllowed: true);

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.Equal(["a", "b"], LogFixture.Values(again));
        Assert.Equal(0, again.Append(_fixture.IdempotentBatch(7, 0, 0, "a", "b"), zstdAllowed: true).BaseOffset);
        Assert.Equal(2, again.HighWatermark);
    }

    [Fact]
    public void Log_append_time_replaces_the_producers_time_and_the_crc_with_it()
    {
        _fixture.Options = _fixture.Options with { LogAppendTime = true };
        using var log = _fixture.Open();

        var appended = log.Append(LogFixture.Batch(5, "a"), zstdAllowed: true);

        Assert.Equal(_fixture.Clock.NowMs, appended.LogAppendTimeMs);
        Assert.Equal(["a"], LogFixture.Values(log));
        Assert.Equal(new TimestampAndOffset(_fixture.Clock.NowMs, 0), log.FindMaxTimestamp());
    }

    [Fact]
    public void A_clock_that_was_once_far_ahead_is_not_followed_for_good()
    {
        _fixture.Options = _fixture.Options with { LogAppendTime = true };
        using var log = _fixture.Open();
        _fixture.Clock.Advance(TimeSpan.FromDays(1000));
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Clock.Advance(TimeSpan.FromDays(-1000));

        var appended = log.Append(_fixture.Batch("b"), zstdAllowed: true);

        Assert.Equal(_fixture.Clock.NowMs + (long)_fixture.Options.MaxTimestampAhead.TotalMilliseconds, appended.LogAppendTimeMs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Under_log_append_time_no_record_is_older_than_one_before_it_though_the_clock_is_set_back(bool restarted)
    {
        _fixture.Options = _fixture.Options with { LogAppendTime = true, SegmentBytes = 100 };
        var log = _fixture.Open();
        var first = log.Append(_fixture.Batch("a"), zstdAllowed: true).LogAppendTimeMs;
        _fixture.Clock.Advance(TimeSpan.FromHours(-1));
        if (restarted) log = _fixture.Reopen();

        Assert.Equal(first, log.Append(_fixture.Batch("b"), zstdAllowed: true).LogAppendTimeMs);
        _fixture.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(first + 1, log.Append(_fixture.Batch("c"), zstdAllowed: true).LogAppendTimeMs);

        Assert.Equal(["a", "b", "c"], LogFixture.Values(log));
        Assert.Equal(new TimestampAndOffset(first + 1, 2), log.FindByTimestamp(first + 1));
    }

    [Fact]
    public void An_append_is_announced_and_a_repeated_one_is_not()
    {
        using var log = _fixture.Open();
        var announced = 0;
        log.Changed += () => announced++;

        log.Append(_fixture.IdempotentBatch(7, 0, 0, "a"), zstdAllowed: true);
        log.Append(_fixture.IdempotentBatch(7, 0, 0, "a"), zstdAllowed: true);

        Assert.Equal(1, announced);
    }

    [Fact]
    public void Requests_after_close_and_after_deletion_are_answered_with_why()
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        using var buffer = new KafkaWriter();

        log.Dispose();
        Assert.Equal(ErrorCode.NotLeaderOrFollower, log.Append(_fixture.Batch("b"), zstdAllowed: true).Error);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, log.Read(0, 100, atLeastOneBatch: true, buffer).Error);

        log.Abandon();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, log.Read(0, 100, atLeastOneBatch: true, buffer).Error);
    }

    [Fact]
    public void A_reader_of_a_deleted_partition_leaves_the_files_of_its_namesake_alone()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 200 };
        var log = _fixture.Open();
        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        PartitionLog? namesake = null;
        _fixture.Disk.Fails = (operation, path) =>
        {
            if (operation != "read" || namesake is not null || path != LogFixture.SegmentPath(0)) return false;
            // While segment 0 is being read, retention takes it, the topic is deleted and made again.
            log.DeleteRecordsBefore(3);
            log.Abandon();
            _fixture.Disk.Fails = (_, _) => false;
            _fixture.Disk.DeleteDirectory(LogFixture.Directory);
            namesake = _fixture.Open();
            namesake.Append(_fixture.Batch("new"), zstdAllowed: true);
            return false;
        };
        using var buffer = new KafkaWriter();

        log.Read(0, 1000, atLeastOneBatch: true, buffer);

        Assert.NotNull(namesake);
        Assert.Equal(["new"], LogFixture.Values(namesake));
        Assert.Equal(["new"], LogFixture.Values(_fixture.Reopen()));
    }
}
