using System.Text;
using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>The text files beside the segments, byte for byte.</summary>
public sealed class SmallFilesTests
{
    readonly MemoryFileSystem _disk = new();

    /// <summary>Written by Apache Kafka 4.3.1, without a newline at the end.</summary>
    [Fact]
    public void Partition_metadata_is_read_as_kafka_wrote_it_and_as_we_write_it()
    {
        _disk.Open("/data/orders-0/partition.metadata").Write(Encoding.ASCII.GetBytes("version: 0\ntopic_id: GFX10qjqTgqmA0A3VtsMFQ"), 0);

        var id = PartitionMetadata.ReadTopicId(_disk, "/data/orders-0");

        Assert.Equal(Guid.Parse("1855f5d2-a8ea-4e0a-a603-403756db0c15"), id);
        PartitionMetadata.Write(_disk, "/data/orders-1", id!.Value);
        Assert.Equal(id, PartitionMetadata.ReadTopicId(_disk, "/data/orders-1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("version: 0\n")]
    [InlineData("version: 0\ntopic_id: short")]
    public void Partition_metadata_that_makes_no_sense_gives_no_id(string text)
    {
        _disk.Open("/data/orders-0/partition.metadata").Write(Encoding.ASCII.GetBytes(text), 0);

        Assert.Null(PartitionMetadata.ReadTopicId(_disk, "/data/orders-0"));
        Assert.Null(PartitionMetadata.ReadTopicId(_disk, "/data/absent-0"));
    }

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
