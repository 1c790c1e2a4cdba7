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
}
