using System.Text;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>The text files beside the segments, byte for byte.</summary>
public sealed class SmallFilesTests
{
    readonly MemoryFileSystem _disk = new();

    [Fact]
    public void A_checkpoint_is_in_kafkas_text_format()
    {
        OffsetCheckpoint.Write(_disk, "/data/user-clicks-12/checkpoint", "/data/user-clicks-12", 345);

        Assert.Equal("0\n1\nuser-clicks 12 345\n", Encoding.ASCII.GetString(_disk.Bytes("/data/user-clicks-12/checkpoint")));
        Assert.Equal(345, OffsetCheckpoint.Read(_disk, "/data/user-clicks-12/checkpoint"));
        Assert.Equal(0, OffsetCheckpoint.Read(_disk, "/data/user-clicks-12/absent"));
    }

    [Fact]
    public void The_clean_shutdown_marker_counts_once()
    {
        CleanShutdownMarker.Leave(_disk, "/data");

        Assert.True(CleanShutdownMarker.TakeAway(_disk, "/data"));
        Assert.False(CleanShutdownMarker.TakeAway(_disk, "/data"));
    }

    [Fact]
    public void A_replacement_that_fails_leaves_the_old_file()
    {
        _disk.ReplaceWhole("/data/file", "old"u8);
        _disk.Fails = (operation, _) => operation == "flush";

        Assert.Throws<IOException>(() => _disk.ReplaceWhole("/data/file", "new"u8));
        Assert.Equal("old"u8.ToArray(), _disk.Bytes("/data/file"));
    }
}
