using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;
using static Millrace.Kafka.Broker.Tests.Topics.TopicCatalogFixture;

namespace Millrace.Kafka.Broker.Tests.Topics;

/// <summary>Partitions against the limit of open files.</summary>
public sealed class PartitionLimitTests
{
    const int Limit = 256, OpenBefore = 60;

    readonly MemoryFileSystem _disk = new();
    readonly CollectingLogger _told = new();
    int _open = OpenBefore;

    public PartitionLimitTests() => _disk.Descriptors = new(Limit, () => _open, goodFor: 0);

    [Fact]
    public void Partitions_that_there_is_no_room_for_are_refused_before_anything_is_made_and_told_once()
    {
        var catalog = Open(_disk, log: _told);
        Assert.Equal(ErrorCode.None, catalog.Create("t", 10, NoConfigs).Error);

        // 32 are the runtime's and a quarter is for connections.
        var room = Limit - OpenBefore - 32 - Limit / 4;
        for (var i = 0; i < 3; i++)
        {
            var refused = catalog.Create("u", room + 1, NoConfigs);
            Assert.Equal(ErrorCode.PolicyViolation, refused.Error);
            Assert.Contains("the process may have 256 files open: raise that limit (ulimit -n)", refused.Message, StringComparison.Ordinal);
            Assert.Equal(ErrorCode.PolicyViolation, catalog.Create("u", room + 1, NoConfigs, validateOnly: true).Error);
            Assert.Equal(ErrorCode.PolicyViolation, catalog.AddPartitions("t", 10 + room + 1, validateOnly: false).Error);
        }

        Assert.Single(_told.Warnings);
        Assert.Equal(10, _disk.ListDirectories("/data").Count(name => name != "topics"));
        _open = 20;
        Assert.Equal(ErrorCode.None, catalog.Create("u", room + 1, NoConfigs).Error);
    }

    [Fact]
    public void A_start_that_can_t_open_all_partitions_says_so_and_leaves_none_open()
    {
        Open(_disk).Create("t", 10, NoConfigs);
        _open = Limit - 32 - 5;
        var opened = 0;
        _disk.Descriptors = new(Limit, () => _open + opened++, goodFor: 0);
        Assert.True(DiskFailure.IsOutOfDescriptors(Assert.Throws<IOException>(() => Open(_disk))));
        _disk.Descriptors = Descriptors.Unlimited;
        Assert.Equal(10, Open(_disk).Find("t")!.Partitions.Count);
    }
}
