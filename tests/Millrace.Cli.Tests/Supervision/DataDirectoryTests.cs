using Millrace.Cli.Supervision;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

public sealed class DataDirectoryTests
{
    /// <summary>/proc is a file system without any room.</summary>
    [Fact]
    public void A_full_disk_is_told_before_anything_starts()
    {
        var refused = Assert.Throws<CliException>(() => DataDirectoryLock.RequireRoom(new StandPaths("/proc", "/streams")));
        Assert.Equal((ExitCodes.CannotStart, "The disk of /proc has 0 B free: make room, or name a folder on another disk with --data."), (refused.ExitCode, refused.Message));
    }

    [Fact]
    public void A_disk_with_room_will_do()
    {
        using var directory = new TemporaryDirectory();
        DataDirectoryLock.RequireRoom(new StandPaths(directory.Path, "/streams"));
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
    public void A_lock_that_cannot_be_opened_is_not_mistaken_for_one_that_another_holds()
    {
        using var directory = new TemporaryDirectory();
        var paths = new StandPaths(directory.Path, "/streams");
        File.CreateSymbolicLink(paths.Lock, paths.Lock);
        var refused = Assert.Throws<CliException>(() => DataDirectoryLock.TryTake(paths));
        Assert.Equal(ExitCodes.CannotStart, refused.ExitCode);
        Assert.StartsWith($"{directory.Path} can't be written", refused.Message, StringComparison.Ordinal);
    }
}
