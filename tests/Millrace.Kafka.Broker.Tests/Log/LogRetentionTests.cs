using System.Globalization;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

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
    public void A_segment_that_can_t_be_taken_out_is_served_with_all_after_it_until_it_can()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);
        _fixture.Disk.Fails = (operation, path) =>
            operation is "rename" or "delete" && path.StartsWith(LogFixture.SegmentPath(2), StringComparison.Ordinal);

        log.ApplyRetention();

        Assert.Equal(["2", "3", "4", "5", "6", "7"], LogFixture.Values(log));
        using (var again = _fixture.OpenOn(_fixture.Disk.Copy())) Assert.Equal(["2", "3", "4", "5", "6", "7"], LogFixture.Values(again));
        _fixture.Disk.Fails = (_, _) => false;
        log.ApplyRetention();
        Assert.Equal(["4", "5", "6", "7"], LogFixture.Values(log));
    }

    [Fact]
    public async Task Producers_and_readers_go_on_while_old_segments_are_unlinked()
    {
        using var unlinks = new HeldUp(_fixture.Disk, "delete", ".log");
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        var log = _fixture.OpenWith(unlinks.Worker);
        AppendHourly(log, 8);

        var retention = Task.Run(log.ApplyRetention);
        await unlinks.Begun;
        var appended = await Task.Run(() => log.Append(_fixture.Batch("8"), zstdAllowed: true)).WaitAsync(Eventually.DefaultLimit);

        Assert.Equal(8, appended.BaseOffset);
        Assert.Equal(["4", "5", "6", "7", "8"], LogFixture.Values(log));
        await retention.WaitAsync(Eventually.DefaultLimit);
        unlinks.Release();
        await _fixture.Deletion(baseOffset: 0);
        await _fixture.Deletion(baseOffset: 2);
    }

    [Fact]
    public async Task The_process_may_end_before_any_step_of_a_retention_and_nothing_of_it_stays_for_ever()
    {
        // 1. Four segments of two batches each, of which the first two are too old.
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);

        // 2. A retention that remembers what the disk looked like before each change.
        var disk = _fixture.Disk;
        var moments = new List<(string Step, MemoryFileSystem Disk)>();
        disk.Changing = (operation, path) => { lock (moments) moments.Add(($"{operation} {path}", disk.Copy())); };
        log.ApplyRetention();
        await _fixture.Deletion(baseOffset: 0);
        await _fixture.Deletion(baseOffset: 2);
        disk.Changing = null;

        // 3. From each of those moments all that is not too old is there, in one piece, and no other file of a segment.
        Assert.Contains(moments, moment => moment.Step == $"delete {LogFixture.SegmentPath(2, ".log.deleted")}");
        foreach (var (step, then) in moments)
        {
            using var again = _fixture.OpenOn(then);
            var values = LogFixture.Values(again);
            var last = Enumerable.Range(8 - values.Count, values.Count).Select(i => $"{i}");
            Assert.True(values.Count >= 4 && values.SequenceEqual(last), step);
            Assert.DoesNotContain(then.ListFiles(LogFixture.Directory), name => IsLeftover(name, again.LogStartOffset));
        }
    }

    [Fact]
    public async Task A_segment_that_can_t_be_unlinked_is_not_served_and_goes_with_the_next_retention()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);
        _fixture.Disk.Fails = (operation, path) => operation == "delete" && path == LogFixture.SegmentPath(0, ".log.deleted");

        log.ApplyRetention();
        await Eventually.Holds(
            () => _fixture.Told.Warnings.Any(told => told.Contains("could not be deleted", StringComparison.Ordinal)), "a word of it");
        Assert.Equal(["4", "5", "6", "7"], LogFixture.Values(log));

        _fixture.Disk.Fails = (_, _) => false;
        log.ApplyRetention();
        await _fixture.Deletion(baseOffset: 0);
        await _fixture.Deletion(baseOffset: 2);
    }

    [Fact]
    public void Old_segments_go_at_once_where_a_full_disk_has_no_room_for_a_longer_name()
    {
        _fixture.Options = _fixture.Options with { RetentionTime = TimeSpan.FromHours(4) };
        using var log = _fixture.Open();
        AppendHourly(log, 8);
        _fixture.Disk.Fails = (operation, path) => operation == "rename" && path.EndsWith(".deleted", StringComparison.Ordinal);

        log.ApplyRetention();

        Assert.Equal(["4", "5", "6", "7"], LogFixture.Values(log));
        Assert.False(_fixture.Disk.FileExists(LogFixture.SegmentPath(0)));
    }

    static bool IsLeftover(string name, long logStart) =>
        name.EndsWith(".deleted", StringComparison.Ordinal) || name.EndsWith('~')
        || (name.Contains("index", StringComparison.Ordinal) && long.Parse(name[..20], CultureInfo.InvariantCulture) < logStart);

    void AppendHourly(PartitionLog log, int count)
    {
        for (var i = 0; i < count; i++)
        {
            log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
            _fixture.Clock.Advance(TimeSpan.FromHours(1));
        }
    }
}
