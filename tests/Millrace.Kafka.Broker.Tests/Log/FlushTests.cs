using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>What happens to full segments while the device takes its time.</summary>
public sealed class FlushTests
{
    readonly LogFixture _fixture = new();

    public FlushTests() => _fixture.Options = _fixture.Options with { SegmentBytes = 200 };

    [Fact]
    public async Task Nine_partitions_that_fill_up_at_once_are_flushed_one_by_one_and_keep_no_thread_of_the_pool()
    {
        using var flushes = new HeldUp(_fixture.Disk, "flush", ".log");
        string[] directories = [.. Enumerable.Range(0, 9).Select(i => $"/data/orders-{i}")];
        var logs = directories.Select(directory => _fixture.OpenWith(flushes.Worker, directory)).ToArray();

        foreach (var log in logs)
            for (var i = 0; i < 3; i++) Assert.Equal(ErrorCode.None, log.Append(_fixture.Batch($"{i}"), zstdAllowed: true).Error);
        await flushes.Begun;
        flushes.Release();

        foreach (var directory in directories)
            await Eventually.Holds(
                () => _fixture.Disk.FileExists($"{directory}/recovery-point-offset-checkpoint"), $"a recovery point in {directory}");
        Assert.Equal((1, false), (flushes.MostAtOnce, flushes.OnThePool));
    }

    [Fact]
    public async Task A_clean_stop_waits_for_the_flush_that_is_under_way()
    {
        using var flushes = new HeldUp(_fixture.Disk, "flush", ".log");
        var log = _fixture.OpenWith(flushes.Worker);
        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        await flushes.Begun;

        var stop = Task.Run(log.Dispose);
        Assert.False(stop.IsCompleted);
        flushes.Release();
        await stop.WaitAsync(Eventually.DefaultLimit);

        Assert.Equal((1, false), (flushes.MostAtOnce, log.IsOffline));
        _fixture.Disk.LosePower();
        using var again = _fixture.Open(afterCleanShutdown: true);
        Assert.Equal(["0", "1", "2"], LogFixture.Values(again));
    }

    [Fact]
    public async Task A_segment_that_fills_up_while_another_is_flushed_is_flushed_after_it()
    {
        using var flushes = new HeldUp(_fixture.Disk, "flush", ".log");
        using var log = _fixture.OpenWith(flushes.Worker);
        for (var i = 0; i < 3; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);
        await flushes.Begun;
        for (var i = 3; i < 7; i++) log.Append(_fixture.Batch($"{i}"), zstdAllowed: true);

        flushes.Release();

        await Eventually.Holds(
            () => OffsetCheckpoint.Read(_fixture.Disk, LogFixture.RecoveryPointPath) == 6, "a recovery point at offset 6");
        var disk = _fixture.Disk.Copy();
        disk.LosePower();
        using var again = _fixture.OpenOn(disk);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"{i}"), LogFixture.Values(again));
    }
}
