using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Broker.Tests.Topics;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests;

public sealed class RetentionTaskTests
{
    [Fact]
    public async Task A_partition_whose_retention_fails_is_logged_and_keeps_no_other_from_its_own()
    {
        var (disk, clock, log) = (new MemoryFileSystem(), new FakeClock(), new CollectingLogger());
        using var topics = TopicCatalogFixture.Open(disk);
        var partitions = topics.Create("t", 2, TopicCatalogFixture.NoConfigs).Topic!.Partitions;
        // Timestamp 1 of 1970 is past any retention.
        foreach (var partition in partitions) partition.Append(Requests.Batch("old"), zstdAllowed: true);
        disk.Changing = (_, path) => { if (path.StartsWith("/data/t-0/", StringComparison.Ordinal)) throw new InvalidOperationException("out of step"); };

        await using var retention = new RetentionTask(topics, TopicCatalogFixture.Options, clock, log);
        retention.Start();
        await Eventually.Holds(
            () =>
            {
                clock.Advance(TopicCatalogFixture.Options.RetentionCheckInterval);
                return partitions[1].LogStartOffset == 1;
            },
            "retention of the other partition");

        Assert.StartsWith("retention of partition t-0 failed", log.Warnings[0], StringComparison.Ordinal);
        disk.Changing = null;
    }
}
