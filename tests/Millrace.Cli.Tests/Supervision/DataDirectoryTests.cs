using Millrace.Cli.Basics;
using Millrace.Cli.Supervision;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

[Collection(LocksCollection.Name)]
public sealed class DataDirectoryTests
{
    /// <summary>/proc is a file system without any room.</summary>
    [Fact]
    public void A_full_disk_is_told_before_anything_starts()
    {
        var refused = Assert.Throws<CliException>(() => StandData.RequireRoom(new StandPaths("/proc", "/streams")));
        const string sentence = "The disk of /proc has 0 B free: make room, or name a folder on another disk with --data.";
        Assert.Equal((ExitCodes.CannotStart, sentence), (refused.ExitCode, refused.Message));
    }

    [Fact]
    public void A_disk_with_room_will_do()
    {
        using var directory = new TemporaryDirectory();
        StandData.RequireRoom(new StandPaths(directory.Path, "/streams"));
    }

    [Fact]
    public void A_lock_that_another_supervisor_holds_is_not_taken()
    {
        using var directory = new TemporaryDirectory();
        var paths = new StandPaths(directory.Path, "/streams");
        using (DataDirectoryLock.TryTake(paths))
        {
            Assert.Null(DataDirectoryLock.TryTake(paths));
            Assert.True(DataDirectoryLock.IsTaken(paths));
        }
        Assert.False(DataDirectoryLock.IsTaken(paths));
    }

    [Fact]
    public async Task A_lock_is_lost_when_its_file_is_deleted_or_another_is_in_its_place_and_not_when_somebody_only_looks_at_it_or_touches_it()
    {
        using var directory = new TemporaryDirectory();
        var paths = new StandPaths(directory.Path, "/streams");
        using var dataLock = DataDirectoryLock.TryTake(paths)!;
        Assert.True(DataDirectoryLock.IsTaken(paths));
        File.SetLastWriteTimeUtc(paths.Lock, DateTime.UnixEpoch);
        Assert.False(dataLock.IsLost);
        File.Delete(paths.Lock);
        Assert.True(dataLock.IsLost);
        // File systems count time in steps of milliseconds.
        await Eventually.Holds(() =>
        {
            File.Delete(paths.Lock);
            using var other = DataDirectoryLock.TryTake(paths);
            return dataLock.IsLost;
        }, "another lock is told from it");
    }

    [Fact]
    public void A_lock_that_is_a_link_is_not_mistaken_for_one_that_another_holds()
    {
        using var directory = new TemporaryDirectory();
        var paths = new StandPaths(directory.Path, "/streams");
        File.CreateSymbolicLink(paths.Lock, paths.Lock);
        var refused = Assert.Throws<CliException>(() => DataDirectoryLock.TryTake(paths));
        Assert.Equal(ExitCodes.CannotStart, refused.ExitCode);
        Assert.Contains("holds supervisor.lock, which no stand made", refused.Message, StringComparison.Ordinal);
    }
}
