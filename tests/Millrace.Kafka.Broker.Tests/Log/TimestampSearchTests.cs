using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

public sealed class TimestampSearchTests
{
    readonly LogFixture _fixture = new();

    [Fact]
    public void The_first_record_at_or_after_a_time_is_found_in_whatever_batch_and_segment_it_is()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 1000, IndexIntervalBytes = 100 };
        using var log = _fixture.Open();
        // Time goes back in every third batch.
        long[] times = [.. Enumerable.Range(0, 90).Select(i => 1000L + 10 * i - (i % 3 == 2 ? 35 : 0))];
        foreach (var time in times) log.Append(LogFixture.Batch(time, "x", "y"), zstdAllowed: true);

        for (var wanted = 990L; wanted < 1900; wanted += 3)
        {
            var first = Array.FindIndex(times, time => time >= wanted);
            TimestampAndOffset? expected = first < 0 ? null : new(times[first], 2 * first);
            Assert.Equal(expected, log.FindByTimestamp(wanted));
        }
        Assert.Equal(new TimestampAndOffset(times.Max(), 2 * Array.IndexOf(times, times.Max())), log.FindMaxTimestamp());
    }

    [Fact]
    public void An_empty_log_has_no_times()
    {
        using var log = _fixture.Open();

        Assert.Null(log.FindByTimestamp(0));
        Assert.Null(log.FindMaxTimestamp());
    }

    [Fact]
    public void Deleted_records_are_not_found()
    {
        using var log = _fixture.Open();
        log.Append(LogFixture.Batch(1000, "a", "b", "c"), zstdAllowed: true);
        log.DeleteRecordsBefore(2);

        Assert.Equal(new TimestampAndOffset(1000, 2), log.FindByTimestamp(500));
    }

    [Fact]
    public void Times_are_found_after_a_restart_as_before()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 300, IndexIntervalBytes = 100 };
        using (var log = _fixture.Open())
            for (var i = 0; i < 20; i++) log.Append(LogFixture.Batch(1000 + i, "x"), zstdAllowed: true);

        using var again = _fixture.Open(afterCleanShutdown: true);

        for (var i = 0; i < 20; i++) Assert.Equal(new TimestampAndOffset(1000 + i, i), again.FindByTimestamp(1000 + i));
        Assert.Equal(new TimestampAndOffset(1019, 19), again.FindMaxTimestamp());
    }

    [Fact]
    public void Indexes_of_records_without_a_time_are_believed_at_the_next_start()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 300, IndexIntervalBytes = 100 };
        using (var log = _fixture.Open())
            for (var i = 0; i < 20; i++) log.Append(LogFixture.Batch(-1, "x"), zstdAllowed: true);

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.Empty(_fixture.Told.Warnings);
        Assert.Null(again.FindByTimestamp(0));
        Assert.Equal(20, LogFixture.Values(again).Count);
    }

    [Fact]
    public void The_greatest_timestamp_is_found_while_a_later_one_is_written_and_not_yet_visible()
    {
        // 1. A clock that is read once more when an idempotent batch is in the file and nobody may see it yet: then a client asks.
        var answers = new List<TimestampAndOffset?>();
        var clock = new ReadClock();
        using var log = PartitionLog.Open(
            LogFixture.Directory, _fixture.Options, _fixture.ContextOn(_fixture.Disk) with { Clock = clock }, afterCleanShutdown: false);
        log.Append(LogFixture.Batch(1, "first"), zstdAllowed: true);
        clock.Read = () => answers.Add(log.FindMaxTimestamp());

        // 2. It is told of what is visible.
        Assert.Equal(ErrorCode.None, log.Append(_fixture.IdempotentBatch(7, 0, 0, "later"), zstdAllowed: true).Error);
        Assert.Equal([new(1, 0), new(1, 0)], answers);
        Assert.Equal(1, log.FindMaxTimestamp()?.Offset);
    }

    sealed class ReadClock : TimeProvider
    {
        public Action Read { get; set; } = () => { };

        public override DateTimeOffset GetUtcNow()
        {
            Read();
            return base.GetUtcNow();
        }
    }
}
