using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;
using static Millrace.Kafka.Broker.Tests.Topics.TopicCatalogFixture;

namespace Millrace.Kafka.Broker.Tests.Topics;

/// <summary>Directories beside those of the topics: what no topic speaks of is never deleted on a guess.</summary>
public sealed class PartitionDirectoryTests
{
    readonly MemoryFileSystem _disk = new();
    readonly CollectingLogger _told = new();

    [Fact]
    public void Records_that_no_topic_speaks_of_are_set_aside_when_a_topic_of_that_name_is_made()
    {
        // 1. A topic with a record loses its definition.
        Open(_disk).Create("t", 1, NoConfigs).Topic!.Partitions[0].Append(Requests.Batch("a"), zstdAllowed: true);
        var records = _disk.Bytes("/data/t-0/00000000000000000000.log");
        _disk.DeleteFile("/data/topics/t.json");

        // 2. The next start names its records and leaves them where they are.
        var catalog = Open(_disk, log: _told);
        Assert.Contains(
            $"/data/t-0 is left alone: no topic has this partition, and it holds {records.Length} bytes of records",
            Assert.Single(_told.Warnings),
            StringComparison.Ordinal);

        // 3. A topic of that name is empty, and they are beside it, twice if need be.
        Assert.Equal(0, catalog.Create("t", 1, NoConfigs).Topic!.Partitions[0].HighWatermark);
        Assert.Equal(records, _disk.Bytes("/data/aside/1/t-0/00000000000000000000.log"));
        Assert.Contains(
            $"held {records.Length} bytes of records that no topic spoke of; it is /data/aside/1/t-0 now",
            _told.Warnings[1],
            StringComparison.Ordinal);
        catalog.Find("t")!.Partitions[0].Append(Requests.Batch("b"), zstdAllowed: true);
        _disk.DeleteFile("/data/topics/t.json");
        Open(_disk).Create("t", 1, NoConfigs);
        Assert.True(_disk.FileExists("/data/aside/2/t-0/00000000000000000000.log"));
    }

    [Fact]
    public void A_file_that_is_not_ours_survives_the_deletion_of_the_topic_and_does_not_hinder_the_next()
    {
        var catalog = Open(_disk, log: _told);
        catalog.Create("t", 1, NoConfigs).Topic!.Partitions[0].Append(Requests.Batch("a"), zstdAllowed: true);
        _disk.ReplaceWhole("/data/t-0/notes.txt", "mine"u8);

        Assert.Equal(ErrorCode.None, catalog.Delete("t").Error);
        Assert.Equal(["notes.txt"], _disk.ListFiles("/data/t-0"));
        Assert.Contains("/data/t-0 is left alone", Assert.Single(_told.Warnings), StringComparison.Ordinal);

        Assert.Equal(0, catalog.Create("t", 1, NoConfigs).Topic!.Partitions[0].HighWatermark);
        Assert.Equal("mine"u8.ToArray(), _disk.Bytes("/data/t-0/notes.txt"));
    }

    [Fact]
    public void A_directory_of_somebody_else_is_left_alone_by_every_start()
    {
        _disk.ReplaceWhole("/data/photos-1/00000000000000000000.log", ""u8);
        _disk.CreateDirectory("/data/empty-0");
        Open(_disk, log: _told).Create("t", 1, NoConfigs);
        Open(_disk, log: _told);
        Assert.True(_disk.FileExists("/data/photos-1/00000000000000000000.log"));
        Assert.True(_disk.DirectoryExists("/data/empty-0"));
        Assert.Empty(_told.Warnings);
    }

    [Theory]
    [InlineData("open", false)]
    [InlineData("rename", false)]
    [InlineData("sync", false)]
    [InlineData("open", true)]
    [InlineData("sync", true)]
    public void A_topic_that_could_not_be_made_leaves_nothing_and_one_that_could_not_grow_is_as_it_was(string operation, bool grows)
    {
        var catalog = Open(_disk);
        if (grows) catalog.Create("t", 1, NoConfigs);
        var before = _disk.ListDirectories("/data");
        _disk.Fails = (what, path) => what == operation
            && (path.Contains("t-3", StringComparison.Ordinal) || path.EndsWith("/topics", StringComparison.Ordinal));

        Assert.Equal(
            ErrorCode.KafkaStorageError,
            (grows ? catalog.AddPartitions("t", 5, validateOnly: false) : catalog.Create("t", 5, NoConfigs)).Error);

        // At once, unless the disk goes on failing: then with the next start.
        _disk.Fails = (_, _) => false;
        if (operation != "sync") Assert.Equal(before, _disk.ListDirectories("/data"));
        Assert.Equal(grows ? 1 : null, Open(_disk).Find("t")?.Partitions.Count);
        Assert.Equal(before, _disk.ListDirectories("/data"));
    }

    [Fact]
    public void What_is_left_of_a_topic_that_was_never_finished_goes_at_the_next_start()
    {
        // 1. The process ends before the topic's own file is there, at each step; or the disk fails and refuses to delete as well.
        var points = CrashPoints(_disk, () => Open(_disk).Create("t", 3, NoConfigs));
        foreach (var (operation, disk) in points.Where(point => !point.Disk.FileExists("/data/topics/t.json")))
        {
            var left = disk.ListDirectories("/data").Where(name => disk.FileExists($"/data/{name}/partition.metadata")).ToArray();

            // 2. The next start finds no such topic, and nothing of it is left.
            Assert.Null(Open(disk).Find("t"));
            Assert.True(disk.ListDirectories("/data").Intersect(left).Count() == 0, operation);
        }
    }

    [Theory]
    [InlineData("notes.gone", "mine", true)]
    [InlineData("no topic.gone", "mine", false)]
    [InlineData("t.gone", """{"name":"u","id":"AAAAAAAAAAAAAAAAAAAAAA","partitions":1,"configs":{}}""", true)] // speaks of another topic
    public void A_file_that_only_looks_like_a_deletion_deletes_nothing(string name, string content, bool setAside)
    {
        Open(_disk).Create("u", 1, NoConfigs).Topic!.Partitions[0].Append(Requests.Batch("a"), zstdAllowed: true);
        _disk.ReplaceWhole($"/data/topics/{name}", System.Text.Encoding.UTF8.GetBytes(content));

        var catalog = Open(_disk, log: _told);

        Assert.Equal(1, catalog.Find("u")!.Partitions[0].HighWatermark);
        Assert.True(_disk.FileExists(setAside ? $"/data/topics/aside/1/{name}" : $"/data/topics/{name}"));
        Assert.Equal(setAside ? 1 : 0, _told.Warnings.Count);
        Assert.Equal(ErrorCode.None, catalog.Create("notes", 1, NoConfigs).Error);
    }

    [Fact]
    public void A_deletion_of_an_earlier_topic_does_not_touch_the_one_that_has_its_name_now()
    {
        var catalog = Open(_disk);
        catalog.Create("t", 1, NoConfigs);
        var earlier = _disk.Bytes("/data/topics/t.json");
        catalog.Delete("t");
        catalog.Create("t", 1, NoConfigs).Topic!.Partitions[0].Append(Requests.Batch("a"), zstdAllowed: true);
        _disk.ReplaceWhole("/data/topics/t.gone", earlier); // came back with a loss of power

        Assert.Equal(1, Open(_disk).Find("t")!.Partitions[0].HighWatermark);
        Assert.False(_disk.FileExists("/data/topics/t.gone"));
    }

    [Fact]
    public void A_backup_of_an_editor_is_not_taken_for_an_unfinished_write()
    {
        Open(_disk);
        _disk.ReplaceWhole("/data/topics/notes~", "mine"u8);
        Open(_disk);
        Assert.True(_disk.FileExists("/data/topics/notes~"));
    }

    [Fact]
    public void A_topic_that_was_made_or_deleted_stays_so_after_a_loss_of_power()
    {
        _disk.CreateDirectory(TopicCatalogFixture.Directory);
        _disk.CreateDirectory("/data/topics");
        _disk.SyncNames();
        var catalog = Open(_disk);
        catalog.Create("made", 2, NoConfigs);
        catalog.Create("grown", 1, NoConfigs);
        catalog.AddPartitions("grown", 3, validateOnly: false);
        catalog.Create("deleted", 2, NoConfigs);
        catalog.Delete("deleted");
        catalog.Find("made")!.Partitions[1].Append(Requests.Batch("a"), zstdAllowed: true);
        catalog.Find("made")!.Partitions[1].Dispose(); // flushed

        _disk.LosePower();

        var next = Open(_disk);
        Assert.Equal(["grown", "made"], next.All.Select(topic => topic.Name));
        Assert.Equal((2, 3), (next.Find("made")!.Partitions.Count, next.Find("grown")!.Partitions.Count));
        Assert.Equal(1, next.Find("made")!.Partitions[1].HighWatermark);
        Assert.False(_disk.DirectoryExists("/data/deleted-0"));
    }
}
