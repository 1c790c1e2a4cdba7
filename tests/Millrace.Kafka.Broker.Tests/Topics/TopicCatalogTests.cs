using System.Text;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;
using static Millrace.Kafka.Broker.Tests.Topics.TopicCatalogFixture;

namespace Millrace.Kafka.Broker.Tests.Topics;

public sealed class TopicCatalogTests
{
    readonly MemoryFileSystem _disk = new();

    [Fact]
    public void A_topic_keeps_its_id_partitions_configs_and_records_over_a_crash()
    {
        var created = Open(_disk).Create("t", 2, new Dictionary<string, string> { ["retention.ms"] = "1000" }).Topic!;
        created.Partitions[1].Append(Requests.Batch("a"), zstdAllowed: true);

        var found = Open(_disk).Find("t")!;
        Assert.Equal((created.Id, 2), (found.Id, found.Partitions.Count));
        Assert.Equal("1000", found.Config.Overrides["retention.ms"]);
        Assert.Equal(TimeSpan.FromSeconds(1), found.Config.ToLogOptions().RetentionTime);
        Assert.Equal(1, found.Partitions[1].HighWatermark);
    }

    [Fact]
    public void A_topic_of_the_first_release_is_read_and_gets_a_version_with_its_next_change()
    {
        const string Definition =
            """{ "name": "t", "id": "yQEyOOvYSOaDzA2a0yCZ9g", "partitions": 2, "configs": { "retention.ms": "1000" } }""";
        _disk.ReplaceWhole("/data/topics/t.json", Encoding.UTF8.GetBytes(Definition));

        var catalog = Open(_disk);

        Assert.Equal((2, "1000"), (catalog.Find("t")!.Partitions.Count, catalog.Find("t")!.Config.Overrides["retention.ms"]));
        Assert.Equal(Definition, Encoding.UTF8.GetString(_disk.Bytes("/data/topics/t.json")));
        catalog.AddPartitions("t", 3, validateOnly: false);
        Assert.StartsWith("{\n  \"version\": 1,\n", Encoding.UTF8.GetString(_disk.Bytes("/data/topics/t.json")), StringComparison.Ordinal);
        Assert.Equal(3, Open(_disk).Find("t")!.Partitions.Count);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("gone")] // it was being deleted
    public void A_topic_of_a_later_version_stops_the_start_and_stays_as_it_is(string suffix)
    {
        const string Definition = """{ "version": 2, "topic": { "is": "another matter" } }""";
        var path = $"/data/topics/t.{suffix}";
        _disk.ReplaceWhole(path, Encoding.UTF8.GetBytes(Definition));

        var refused = Assert.Throws<LaterFormatException>(() => Open(_disk));

        Assert.Equal(
            $"{path} has format 2, of a later version of Millrace; this one knows 1 and earlier. Start the version that wrote it.",
            refused.Message);
        Assert.Equal(Definition, Encoding.UTF8.GetString(_disk.Bytes(path)));
    }

    [Theory]
    [InlineData("", ErrorCode.InvalidTopicException)]
    [InlineData(".", ErrorCode.InvalidTopicException)]
    [InlineData("..", ErrorCode.InvalidTopicException)]
    [InlineData("a/b", ErrorCode.InvalidTopicException)]
    [InlineData("ä", ErrorCode.InvalidTopicException)]
    [InlineData("t", ErrorCode.TopicAlreadyExists)]
    public void A_name_that_can_t_be_used_is_refused(string name, ErrorCode expected)
    {
        var catalog = Open(_disk);
        catalog.Create("t", 1, NoConfigs);
        Assert.Equal(expected, catalog.Create(name, 1, NoConfigs).Error);
        Assert.Single(catalog.All);
    }

    [Fact]
    public void The_longest_name_of_Kafka_s_can_be_created_and_deleted_and_a_longer_one_is_refused()
    {
        const int MaxLength = 249;
        var catalog = Open(_disk);
        Assert.Equal(ErrorCode.None, catalog.Create(new('n', MaxLength), 2, NoConfigs).Error);
        Assert.Equal(ErrorCode.None, Open(_disk).Delete(new('n', MaxLength)).Error);
        Assert.Equal(ErrorCode.InvalidTopicException, catalog.Create(new('n', MaxLength + 1), 2, NoConfigs).Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_count_of_partitions_that_makes_no_sense_is_refused(int partitions) =>
        Assert.Equal(ErrorCode.InvalidPartitions, Open(_disk).Create("t", partitions, NoConfigs).Error);

    [Theory]
    [InlineData("cleanup.policy", "compact")]
    [InlineData("segment.bytes", "1048575")]
    [InlineData("retention.ms", "-2")]
    [InlineData("retention.ms", "soon")]
    [InlineData("max.message.bytes", "2147483648")]
    [InlineData("no.such.config", "1")]
    public void A_config_that_can_t_be_kept_is_refused(string name, string value) =>
        Assert.Equal(ErrorCode.InvalidConfig, Open(_disk).Create("t", 1, new Dictionary<string, string> { [name] = value }).Error);

    [Fact]
    public void Changed_configs_survive_a_crash_at_any_step_whole_or_not_at_all()
    {
        Open(_disk).Create("t", 1, new Dictionary<string, string> { ["retention.ms"] = "5", ["segment.ms"] = "6" });
        IncrementalAlterConfigsRequest.Change[] changes =
            [new("retention.ms", AlterConfigOp.Set, "7"), new("segment.ms", AlterConfigOp.Delete, null)];
        var points = CrashPoints(_disk, () => Assert.Equal(ErrorCode.None, Open(_disk).Configure("t", changes, validateOnly: false).Error));
        Assert.NotEmpty(points);
        foreach (var (operation, disk) in points)
            Assert.True(Overrides(disk) is "retention.ms=5 segment.ms=6" or "retention.ms=7", $"{operation}: {Overrides(disk)}");
        Assert.Equal("retention.ms=7", Overrides(_disk));

        static string Overrides(MemoryFileSystem disk) =>
            string.Join(' ', Open(disk).Find("t")!.Config.Overrides.Select(one => $"{one.Key}={one.Value}").Order());
    }

    [Fact]
    public void Validating_a_change_of_configs_changes_nothing()
    {
        var catalog = Open(_disk);
        catalog.Create("t", 1, NoConfigs);
        Assert.Equal(ErrorCode.None, catalog.Configure("t", [new("retention.ms", AlterConfigOp.Set, "7")], validateOnly: true).Error);
        Assert.Equal(ErrorCode.InvalidConfig, catalog.Configure("t", [new("retention.ms", AlterConfigOp.Set, "-7")], validateOnly: true).Error);
        Assert.Empty(catalog.Find("t")!.Config.Overrides);
    }

    [Fact]
    public void Validating_creates_nothing()
    {
        var catalog = Open(_disk);
        Assert.Equal(ErrorCode.None, catalog.Create("t", 1, NoConfigs, validateOnly: true).Error);
        Assert.Empty(catalog.All);
    }

    [Fact]
    public void A_crash_at_any_step_of_creating_leaves_the_topic_whole_or_absent_and_it_can_be_created()
    {
        // 1. Before each change to the disk, the process ends. 2. The next one opens what is there.
        // 3. It has the topic with both partitions, or can create it.
        var points = CrashPoints(_disk, () => Open(_disk).Create("t", 2, NoConfigs));
        Assert.True(points.Count > 4);
        foreach (var (operation, disk) in points)
        {
            var catalog = Open(disk);
            if (catalog.Find("t") is null) Assert.Equal((operation, ErrorCode.None), (operation, catalog.Create("t", 2, NoConfigs).Error));
            Assert.Equal((operation, 2), (operation, catalog.Find("t")!.Partitions.Count));
            Assert.Equal((operation, 0), (operation, catalog.Find("t")!.Partitions[1].HighWatermark));
        }
    }

    [Fact]
    public void A_crash_at_any_step_of_deleting_leaves_the_topic_whole_or_gone_and_whoever_must_know_is_told()
    {
        var catalog = Open(_disk);
        catalog.Create("t", 2, NoConfigs).Topic!.Partitions[0].Append(Requests.Batch("a"), zstdAllowed: true);
        var heardBeforeTheEnd = 0;
        catalog.Deleted += _ => heardBeforeTheEnd++;
        var points = CrashPoints(_disk, () => catalog.Delete("t"));
        Assert.Equal(1, heardBeforeTheEnd);
        Assert.True(points.Count > 3);
        foreach (var (operation, disk) in points)
        {
            var told = new List<string>();
            var next = Open(disk, told.Add);
            if (next.Find("t") is { } whole)
            {
                Assert.Equal((operation, 1), (operation, whole.Partitions[0].HighWatermark));
                continue;
            }
            Assert.True(told.SequenceEqual(disk.FileExists("/data/topics/t.gone") || told.Count > 0 ? ["t"] : []), operation);
            Assert.Equal((operation, 0), (operation, next.Create("t", 2, NoConfigs).Topic!.Partitions[0].HighWatermark));
        }
    }

    [Fact]
    public void A_topic_whose_files_the_disk_keeps_is_an_error_gone_all_the_same_and_cleared_away_later()
    {
        var catalog = Open(_disk);
        var logs = catalog.Create("t", 2, NoConfigs).Topic!.Partitions;
        foreach (var log in logs) log.Append(Requests.Batch("a"), zstdAllowed: true);
        _disk.Fails = (operation, path) => operation is "delete" or "rename" && path.StartsWith("/data/t-0", StringComparison.Ordinal);
        Assert.Equal(ErrorCode.KafkaStorageError, catalog.Delete("t").Error);

        // 1. Whoever still holds a partition is told: what was acknowledged now would be lost.
        Assert.Null(catalog.Find("t"));
        Assert.All(logs, log => Assert.Equal(ErrorCode.UnknownTopicOrPartition, log.Append(Requests.Batch("b"), zstdAllowed: true).Error));

        // 2. None of its name is made over its remains. 3. The next broker does not know it either, and clears them away.
        Assert.Equal(ErrorCode.KafkaStorageError, catalog.Create("t", 2, NoConfigs).Error);
        var healed = _disk.Copy();
        var next = Open(healed);
        Assert.Null(next.Find("t"));
        Assert.False(healed.DirectoryExists("/data/t-0"));
        Assert.False(healed.DirectoryExists("/data/t-1"));
        Assert.Equal(0, next.Create("t", 2, NoConfigs).Topic!.Partitions[0].HighWatermark);
    }

    [Fact]
    public void Deleting_a_topic_makes_room_also_where_a_full_disk_keeps_others_from_taking_notice()
    {
        var catalog = Open(_disk);
        catalog.Create("t", 1, NoConfigs);
        catalog.Deleted += _ => throw new IOException("the disk is full");
        Assert.Equal(ErrorCode.KafkaStorageError, catalog.Delete("t").Error);
        Assert.False(_disk.DirectoryExists("/data/t-0"));
    }

    [Fact]
    public void Whoever_could_not_take_notice_of_a_deletion_is_told_again_before_there_is_a_topic_of_that_name()
    {
        var catalog = Open(_disk);
        var (told, deaf) = (0, true);
        catalog.Deleted += _ => told = deaf ? throw new IOException("the disk is full") : told + 1;
        deaf = false;
        catalog.Create("t", 1, NoConfigs);
        (told, deaf) = (0, true);
        Assert.Equal(ErrorCode.KafkaStorageError, catalog.Delete("t").Error);

        // 1. It is gone all the same. 2. None of its name is made while someone has not heard, whether in this process or the next.
        Assert.Null(catalog.Find("t"));
        Assert.Equal(ErrorCode.KafkaStorageError, catalog.Create("t", 1, NoConfigs).Error);
        var next = Open(_disk.Copy(), _ => told = deaf ? throw new IOException("the disk is full") : told + 1);
        Assert.Equal(ErrorCode.KafkaStorageError, next.Create("t", 1, NoConfigs).Error);

        // 3. Everyone has heard: it can be made.
        deaf = false;
        Assert.Equal(ErrorCode.None, next.Create("t", 1, NoConfigs).Error);
        Assert.Equal(1, told);
    }

    [Fact]
    public void A_topic_created_again_after_deleting_is_another_one()
    {
        var catalog = Open(_disk);
        var first = catalog.Create("t", 1, NoConfigs).Topic!;
        Assert.Equal(ErrorCode.None, catalog.Delete("t").Error);
        Assert.Null(catalog.Find(first.Id));
        var second = catalog.Create("t", 1, NoConfigs).Topic!;
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, Open(_disk).Find("t")!.Id);
    }

    [Fact]
    public void Added_partitions_stay_over_a_crash_and_the_old_ones_keep_their_records()
    {
        var catalog = Open(_disk);
        catalog.Create("t", 1, NoConfigs).Topic!.Partitions[0].Append(Requests.Batch("a"), zstdAllowed: true);
        Assert.Equal(ErrorCode.InvalidPartitions, catalog.AddPartitions("t", 1, validateOnly: false).Error);
        Assert.Equal(ErrorCode.None, catalog.AddPartitions("t", 3, validateOnly: false).Error);
        var found = Open(_disk).Find("t")!;
        Assert.Equal([1L, 0L, 0L], found.Partitions.Select(log => log.HighWatermark));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"name":"t","id":"AAAA","partitions":1,"configs":{}}""")] // too short an id
    [InlineData("""{"name":"t","id":"!AAAAAAAAAAAAAAAAAAAAA","partitions":1,"configs":{}}""")]
    [InlineData("""{"name":"t","id":"AAAAAAAAAAAAAAAAAAAAAA","partitions":-1,"configs":{}}""")]
    [InlineData("""{"name":"t","id":"AAAAAAAAAAAAAAAAAAAAAA","partitions":1}""")]
    public void A_topic_file_that_is_damaged_is_named(string content)
    {
        Open(_disk).Create("t", 1, NoConfigs);
        _disk.Edit("/data/topics/t.json", _ => Encoding.UTF8.GetBytes(content));
        Assert.StartsWith("/data/topics/t.json ", Assert.Throws<InvalidDataException>(() => Open(_disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_an_answer_and_the_topic_can_be_created_when_there_is_room_again()
    {
        var catalog = Open(_disk);
        _disk.Capacity = 0;
        Assert.Equal(ErrorCode.KafkaStorageError, catalog.Create("t", 1, NoConfigs).Error);
        Assert.Null(catalog.Find("t"));
        _disk.Capacity = long.MaxValue;
        Assert.Equal(ErrorCode.None, catalog.Create("t", 1, NoConfigs).Error);
    }
}
