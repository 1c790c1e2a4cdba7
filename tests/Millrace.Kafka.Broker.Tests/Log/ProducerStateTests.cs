using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

public sealed class ProducerStateTests
{
    const long Producer = 7;

    readonly LogFixture _fixture = new();

    [Fact]
    public void Each_of_the_last_five_batches_sent_again_gets_its_first_offset_and_older_ones_are_refused()
    {
        using var log = _fixture.Open();
        for (var i = 0; i < 6; i++) Assert.Equal(2 * i, Append(log, sequence: 2 * i, "a", "b").BaseOffset);

        for (var i = 1; i < 6; i++) Assert.Equal(2 * i, Append(log, sequence: 2 * i, "a", "b").BaseOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(log, sequence: 0, "a", "b").Error);
        Assert.Equal(12, log.HighWatermark);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void A_gap_and_an_overlap_are_out_of_order(int sequence)
    {
        using var log = _fixture.Open();
        Append(log, sequence: 0, "a", "b");

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(log, sequence, "c", "d").Error);
    }

    [Fact]
    public void An_unknown_producer_may_start_at_any_sequence()
    {
        using var log = _fixture.Open();

        Assert.Equal(ErrorCode.None, Append(log, sequence: 1000, "a").Error);
    }

    [Fact]
    public void Sequences_go_on_at_zero_after_the_greatest()
    {
        using var log = _fixture.Open();
        Append(log, sequence: int.MaxValue - 1, "a", "b", "c");

        Assert.Equal(0, Append(log, sequence: int.MaxValue - 1, "a", "b", "c").BaseOffset);
        Assert.Equal(3, Append(log, sequence: 1, "d").BaseOffset);
    }

    [Fact]
    public void A_new_producer_epoch_starts_at_zero_and_fences_the_old_one()
    {
        using var log = _fixture.Open();
        Append(log, sequence: 0, "a");

        var ahead = log.Append(_fixture.IdempotentBatch(Producer, 1, 1, "b"), zstdAllowed: true);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ahead.Error);
        Assert.Equal(1, log.Append(_fixture.IdempotentBatch(Producer, 1, 0, "b"), zstdAllowed: true).BaseOffset);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Append(log, sequence: 1, "c").Error);
    }

    [Fact]
    public void Batches_without_a_producer_id_are_never_taken_for_repetitions()
    {
        using var log = _fixture.Open();
        // kafkajs and @platformatic/kafka send base sequence 0 without a producer id.
        var batch = _fixture.IdempotentBatch(-1, -1, 0, "a");

        Assert.Equal(0, log.Append(batch, zstdAllowed: true).BaseOffset);
        Assert.Equal(1, log.Append(batch, zstdAllowed: true).BaseOffset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_five_batches_are_known_after_a_restart_though_a_segment_ended_among_them(bool clean)
    {
        // Four batches to a segment: the active one has two, and its snapshot tells of one more.
        _fixture.Options = _fixture.Options with { SegmentBytes = 300 };
        var log = _fixture.Open();
        for (var i = 0; i < 10; i++) Append(log, sequence: i, $"{i}");
        if (clean) log.Dispose();

        using var again = clean ? _fixture.Open(afterCleanShutdown: true) : _fixture.Reopen();

        for (var i = 5; i < 10; i++) Assert.Equal(i, Append(again, sequence: i, $"{i}").BaseOffset);
        Assert.Equal(10, again.HighWatermark);
        Assert.Equal(10, Append(again, sequence: 10, "10").BaseOffset);
    }

    [Fact]
    public async Task A_producer_whose_segments_are_gone_is_known_from_the_snapshot()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 300 };
        var log = _fixture.Open();
        Append(log, sequence: 0, "a");
        for (var i = 0; i < 12; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        log.DeleteRecordsBefore(12);
        await _fixture.Deletion(baseOffset: 0);

        using var again = _fixture.Reopen();

        Assert.Equal(0, Append(again, sequence: 0, "a").BaseOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(again, sequence: 5, "x").Error);
    }

    [Fact]
    public void A_producer_not_heard_of_for_a_day_is_forgotten()
    {
        using var log = _fixture.Open();
        Append(log, sequence: 0, "a");

        _fixture.Clock.Advance(TimeSpan.FromHours(23));
        log.ApplyRetention();
        Assert.Equal(0, Append(log, sequence: 0, "a").BaseOffset);

        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        log.ApplyRetention();
        Assert.Equal(1, Append(log, sequence: 0, "a").BaseOffset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // its segment is gone: only the snapshot knows of it
    public void A_restart_makes_no_producer_younger(bool fromSnapshot)
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 100 };
        var log = _fixture.Open();
        Append(log, sequence: 0, "a");
        log.Append(_fixture.Batch("b"), zstdAllowed: true);
        if (fromSnapshot) log.DeleteRecordsBefore(1);

        _fixture.Clock.Advance(TimeSpan.FromHours(23));
        log = _fixture.Reopen();
        log.ApplyRetention();
        Assert.Equal(0, Append(log, sequence: 0, "a").BaseOffset);

        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        log = _fixture.Reopen();
        log.ApplyRetention();
        Assert.Equal(2, Append(log, sequence: 0, "a").BaseOffset);
    }

    [Theory]
    [InlineData(-1)] // no time at all
    [InlineData(0)] // of records that are sent again years later
    public void A_producer_is_known_after_a_restart_until_retention_looks_at_what_its_records_say(long timestamp)
    {
        var log = _fixture.Open();
        var batch = new RecordBatchBuilder { ProducerId = Producer, ProducerEpoch = 0, BaseSequence = 0 }
            .Add(timestamp, null, "a"u8.ToArray())
            .Build();
        log.Append(batch, zstdAllowed: true);

        log = _fixture.Reopen();

        Assert.Equal(0, log.Append(batch, zstdAllowed: true).BaseOffset);
        log.ApplyRetention();
        Assert.Equal(timestamp < 0 ? 0 : 1, log.Append(batch, zstdAllowed: true).BaseOffset);
    }

    AppendResult Append(PartitionLog log, int sequence, params string[] values) =>
        log.Append(_fixture.IdempotentBatch(Producer, 0, sequence, values), zstdAllowed: true);
}
