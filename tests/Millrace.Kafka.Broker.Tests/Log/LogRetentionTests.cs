using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Log;

public sealed class LogRetentionTests
{
    readonly LogFixture _fixture = new();

    public LogRetentionTests() => _fixture.Options = _fixture.Options with { SegmentBytes = 200 };

    [Fact]
    public async Task Segments_go_when_their_newest_record_is_older_than_retention_time()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(10) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);

        log.ApplyRetention();
        Assert.Equal(0, log.LogStartOffset);

        // The first segment's newest record was made in hour 1.
        _fixture.Clock.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMilliseconds(1));
        log.ApplyRetention();

        Assert.Equal(2, log.LogStartOffset);
        Assert.Equal(["2", "3", "4", "5", "6", "7"], LogFixture.Values(log));
        await _fixture.Deletion(baseOffset: 0);
    }

    [Fact]
    public void When_all_records_are_too_old_the_log_is_empty_and_its_offsets_go_on()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(1) };
        using var log = _fixture.Open();
        AppendHourly(log, 3);
        _fixture.Clock.Advance(TimeSpan.FromHours(2));

        log.ApplyRetention();

        Assert.Equal((3, 3), (log.LogStartOffset, log.HighWatermark));
        Assert.Equal(0, _fixture.SizeInBytes);
        using var again = _fixture.Reopen();
        Assert.Equal(3, again.Append(_fixture.Batch("next"), zstdAllowed: true).BaseOffset);
    }

    [Fact]
    public void Retention_by_size_never_leaves_less_than_it_says()
    {
        _fixture.Options = _fixture.Options with { RetentionBytes = 400 };
        using var log = _fixture.Open();
        AppendHourly(log, 10);

        log.ApplyRetention();

        Assert.InRange(_fixture.SizeInBytes, 400, 600);
        Assert.Equal("9", LogFixture.Values(log)[^1]);
    }

    [Fact]
    public void Records_without_a_timestamp_do_not_expire()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(1) };
        using var log = _fixture.Open();
        log.Append(LogFixture.Batch(-1, "a"), zstdAllowed: true);

        _fixture.Clock.Advance(TimeSpan.FromDays(100));
        log.ApplyRetention();

        Assert.Equal(["a"], LogFixture.Values(log));
    }

    [Fact]
    public void A_segment_older_than_its_age_limit_gets_no_more_batches()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 1 << 20, SegmentAge = TimeSpan.FromHours(1) };
        using var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        _fixture.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));

        log.Append(_fixture.Batch("b"), zstdAllowed: true);

        Assert.True(_fixture.Disk.FileExists(LogFixture.SegmentPath(1)));
    }

    [Fact]
    public async Task Deleted_records_stay_deleted_after_a_crash()
    {
        using var log = _fixture.Open();
        AppendHourly(log, 8);

        Assert.Equal(ErrorCode.None, log.DeleteRecordsBefore(5));

        Assert.Equal(["5", "6", "7"], LogFixture.Values(log));
        await _fixture.Deletion(baseOffset: 2);
        using var again = _fixture.Reopen();
        Assert.Equal(5, again.LogStartOffset);
        Assert.Equal(["5", "6", "7"], LogFixture.Values(again));
    }

    [Fact]
    public void Deleting_up_to_the_high_watermark_leaves_nothing_and_past_it_is_out_of_range()
    {
        using var log = _fixture.Open();
        AppendHourly(log, 3);

        Assert.Equal(ErrorCode.OffsetOutOfRange, log.DeleteRecordsBefore(4));
        Assert.Equal(ErrorCode.None, log.DeleteRecordsBefore(PartitionLog.UpToHighWatermark));
        Assert.Equal((3, 3), (log.LogStartOffset, log.HighWatermark));
        // Deleting less than is deleted already changes nothing.
        Assert.Equal(ErrorCode.None, log.DeleteRecordsBefore(1));
        Assert.Equal(3, log.LogStartOffset);
    }

    [Fact]
    public async Task A_segment_that_goes_while_it_is_read_is_read_to_the_end_and_leaves_no_gap_for_a_crash()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);
        MemoryFileSystem? crashed = null;
        _fixture.Disk.Fails = (operation, path) =>
        {
            if (operation != "read" || path != LogFixture.SegmentPath(0) || crashed is not null) return false;
            log.ApplyRetention();
            crashed = _fixture.Disk.Copy();
            return false;
        };

        using var buffer = new KafkaWriter();
        var read = log.Read(0, 1 << 20, atLeastOneBatch: true, buffer);

        Assert.Equal(ErrorCode.None, read.Error);
        Assert.True(read.Bytes > 0);
        Assert.Equal(4, log.LogStartOffset);
        await _fixture.Deletion(baseOffset: 0);
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(0, 1 << 20, atLeastOneBatch: true, buffer).Error);
        crashed!.DeleteFile(LogFixture.RecoveryPointPath); // which a flush in the background may have moved
        using var again = _fixture.OpenOn(crashed);
        Assert.Equal(["4", "5", "6", "7"], LogFixture.Values(again));
    }

    [Fact]
    public void A_segment_that_can_t_be_deleted_is_served_with_all_after_it_until_it_can()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);
        _fixture.Disk.Fails = (operation, path) => operation == "delete" && path == LogFixture.SegmentPath(2);

        log.ApplyRetention();

        Assert.Equal(["2", "3", "4", "5", "6", "7"], LogFixture.Values(log));
        using (var again = _fixture.OpenOn(_fixture.Disk.Copy())) Assert.Equal(["2", "3", "4", "5", "6", "7"], LogFixture.Values(again));
        _fixture.Disk.Fails = (_, _) => false;
        log.ApplyRetention();
        Assert.Equal(["4", "5", "6", "7"], LogFixture.Values(log));
    }

    void AppendHourly(PartitionLog log, int count)
    {
        for (var i = 0; i < count; i++)
        {
            log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
            _fixture.Clock.Advance(TimeSpan.FromHours(1));
        }
    }
}
