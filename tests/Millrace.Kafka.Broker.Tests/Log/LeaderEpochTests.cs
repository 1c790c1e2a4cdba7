using System.Text;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Tests.Log;

public sealed class LeaderEpochTests
{
    const string CheckpointPath = LogFixture.Directory + "/leader-epoch-checkpoint";

    readonly LogFixture _fixture = new();

    [Fact]
    public void A_consumer_of_records_that_the_power_took_is_told_where_its_leader_epoch_ended()
    {
        var log = _fixture.Open();
        for (var i = 0; i < 4; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        Assert.Equal((0, 4), log.EndOfLeaderEpoch(0));
        var batch = _fixture.Disk.Bytes(LogFixture.SegmentPath(0)).Length / 4;
        // The file ends between two batches: nothing of it looks damaged.
        _fixture.CrashedWith(disk =>
        {
            using var file = disk.Open(LogFixture.SegmentPath(0));
            file.SetLength(2 * batch);
        });

        using var again = _fixture.Open();
        for (var i = 0; i < 3; i++) again.Append(_fixture.Batch($"new {i}"), zstdAllowed: true);

        Assert.Equal((0, 2), again.EndOfLeaderEpoch(0)); // and not offset 4, which is another record now
        Assert.Equal((1, 5), again.EndOfLeaderEpoch(1));
        Assert.Equal((-1, -1), again.EndOfLeaderEpoch(2));
        Assert.Equal([0, 0, 1, 1, 1], Enumerable.Range(0, 5).Select(offset => EpochOfBatchAt(again, offset)));
        Assert.Equal([0, 0, 1, 1, 1], Enumerable.Range(0, 5).Select(offset => again.LeaderEpochOf(offset)));
        Assert.Equal("0\n2\n0 0\n1 2\n", Encoding.ASCII.GetString(_fixture.Disk.Bytes(CheckpointPath)));
    }

    [Fact]
    public void A_clean_start_keeps_the_leader_epoch_and_crashes_without_a_record_between_them_leave_one_line()
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        log.Dispose();
        using (var clean = _fixture.Open(afterCleanShutdown: true)) Assert.Equal(0, clean.LeaderEpoch);
        for (var crash = 1; crash <= 3; crash++) Assert.Equal(crash, _fixture.Reopen().LeaderEpoch);

        Assert.Equal("0\n2\n0 0\n3 1\n", Encoding.ASCII.GetString(_fixture.Disk.Bytes(CheckpointPath)));
        Assert.Equal((0, 1), _fixture.Reopen().EndOfLeaderEpoch(2));
    }

    [Fact]
    public void A_new_leader_epoch_survives_a_loss_of_power()
    {
        _fixture.Open().Append(_fixture.Batch("a"), zstdAllowed: true);
        Assert.Equal(1, _fixture.Reopen().LeaderEpoch);

        _fixture.CrashedWith(disk => disk.LosePower());

        Assert.Equal(2, _fixture.Open().LeaderEpoch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\n1\n0 0\n")]
    [InlineData("0\n2\n0 0\n")]
    [InlineData("0\n2\n1 0\n0 5\n")]
    [InlineData("0\n1\nzero 0\n")]
    public void A_checkpoint_that_makes_no_sense_gives_no_leader_epoch_twice(string text)
    {
        var log = _fixture.Open();
        log.Append(_fixture.Batch("a"), zstdAllowed: true);
        using (var second = _fixture.Reopen())
        {
            second.Append(_fixture.Batch("b"), zstdAllowed: true);
            Assert.Equal(1, second.LeaderEpoch);
        }
        using (var file = _fixture.Disk.Open(CheckpointPath))
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(text), 0);
        }

        using var third = _fixture.Open(afterCleanShutdown: true);

        Assert.Equal(2, third.LeaderEpoch);
    }

    [Fact]
    public void A_client_of_an_earlier_leader_epoch_is_fenced_and_one_of_a_later_unknown()
    {
        _fixture.Open().Append(_fixture.Batch("a"), zstdAllowed: true);
        using var log = _fixture.Reopen();

        Assert.Equal(
            [ErrorCode.None, ErrorCode.FencedLeaderEpoch, ErrorCode.None, ErrorCode.UnknownLeaderEpoch],
            Enumerable.Range(-1, 4).Select(log.CheckLeaderEpoch));
    }

    static int EpochOfBatchAt(PartitionLog log, long offset)
    {
        using var buffer = new KafkaWriter();
        Assert.Equal(ErrorCode.None, log.Read(offset, 1, atLeastOneBatch: true, buffer).Error);
        return RecordBatchHeader.Read(buffer.Written.Span).PartitionLeaderEpoch;
    }
}
