using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// A partition when the process may open no more files: the disk is sound, so it goes on by itself once something is closed.
/// </summary>
public sealed class DescriptorTests
{
    const int TooManyOpenFiles = 24; // EMFILE

    readonly LogFixture _fixture = new() { Options = new LogFixture().Options with { SegmentBytes = 200 } };
    int _open;

    public DescriptorTests() => _fixture.Disk.Descriptors = new(limit: 256, () => _open, goodFor: 0);

    [Fact]
    public void A_roll_without_a_descriptor_refuses_the_batch_says_so_once_and_goes_on_when_there_is_one()
    {
        using var log = _fixture.Open();
        for (var i = 0; i < 2; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        _open = 250;

        for (var i = 0; i < 5; i++) Assert.Equal(ErrorCode.KafkaStorageError, log.Append(_fixture.Batch("2"), zstdAllowed: true).Error);
        Assert.Equal(["0", "1"], LogFixture.Values(log));
        Assert.Contains("ulimit -n", Assert.Single(_fixture.Told.Warnings), StringComparison.Ordinal);
        Assert.False(log.IsOffline);

        _open = 50;
        Assert.Equal(2, log.Append(_fixture.Batch("2"), zstdAllowed: true).BaseOffset);
        Assert.Equal(["0", "1", "2"], LogFixture.Values(_fixture.Reopen()));
    }

    [Fact]
    public async Task A_flush_without_a_descriptor_takes_no_partition_offline_and_is_made_up_for_by_the_next()
    {
        using var log = _fixture.Open();
        FailAsAtTheLimit((operation, path) => operation == "open" && path.EndsWith(".index", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        await Eventually.Holds(
            () => _fixture.Told.Warnings.Any(told => told.Contains("could not be flushed", StringComparison.Ordinal)),
            "a flush that was put off");
        Assert.False(log.IsOffline);
        Assert.False(_fixture.Disk.FileExists(LogFixture.RecoveryPointPath));

        _fixture.Disk.Fails = (_, _) => false;
        for (var i = 3; i < 5; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        await Eventually.Holds(() => _fixture.Disk.FileExists(LogFixture.RecoveryPointPath), "a flush that makes up for it");
        _fixture.CrashedWith(disk => disk.LosePower());
        Assert.Equal(["0", "1", "2", "3"], LogFixture.Values(_fixture.Open()));
    }

    [Fact]
    public void A_log_that_can_t_be_opened_for_want_of_descriptors_is_no_broken_disk_and_leaves_none_open()
    {
        using (var log = _fixture.Open())
            for (var i = 0; i < 5; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        _open = 250;

        var failure = Assert.Throws<IOException>(() => _fixture.Open(afterCleanShutdown: true));
        Assert.True(DiskFailure.IsOutOfDescriptors(failure));

        _open = 50;
        using var again = _fixture.Open(afterCleanShutdown: true);
        Assert.Equal(["0", "1", "2", "3", "4"], LogFixture.Values(again));
    }

    [Theory]
    [InlineData("open")]
    [InlineData("read")]
    public void An_index_file_that_can_t_be_read_is_built_again(string operation)
    {
        using (var log = _fixture.Open())
            for (var i = 0; i < 5; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        _fixture.Disk.Fails = (what, path) => what == operation && path.EndsWith("0.index", StringComparison.Ordinal);

        using var again = _fixture.Open(afterCleanShutdown: true);

        Assert.False(again.IsOffline);
        Assert.Equal(["0", "1", "2", "3", "4"], LogFixture.Values(again));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("flush")]
    [InlineData("open")]
    public async Task Index_files_that_can_t_be_written_cost_no_batch_and_are_built_again(string operation)
    {
        _fixture.Disk.Fails = (what, path) => what == operation && path.TrimEnd('~').EndsWith("index", StringComparison.Ordinal);
        using (var log = _fixture.Open())
        {
            for (var i = 0; i < 5; i++) Assert.Equal(i, log.Append(_fixture.Batch($"{i}"), zstdAllowed: true).BaseOffset);
            await Eventually.Holds(() => _fixture.Disk.FileExists(LogFixture.RecoveryPointPath), "a flush");
            Assert.False(log.IsOffline);
        }
        _fixture.Disk.Fails = (_, _) => false;
        using var again = _fixture.Open(afterCleanShutdown: true);
        Assert.Equal(["0", "1", "2", "3", "4"], LogFixture.Values(again));
        Assert.True(_fixture.Disk.FileExists(LogFixture.SegmentPath(0, ".index")));
    }

    void FailAsAtTheLimit(Func<string, string, bool> fails)
    {
        _fixture.Disk.Failure = message => new IOException(message, TooManyOpenFiles);
        _fixture.Disk.Fails = fails;
    }
}
