using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Producers;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;

namespace Millrace.Kafka.Broker.Tests.Producers;

public sealed class ProducerIdAllocatorTests
{
    readonly MemoryFileSystem _disk = new();

    [Fact]
    public void Ids_are_never_given_twice_over_any_number_of_crashes()
    {
        var given = new HashSet<long>();
        for (var life = 0; life < 3; life++)
        {
            var allocator = Open();
            for (var i = 0; i < 1500; i++) Assert.True(given.Add(allocator.TryNext()!.Value));
        }
    }

    [Fact]
    public void A_disk_that_refuses_gives_no_id_and_the_next_try_may_succeed()
    {
        var allocator = Open();
        _disk.Capacity = 0;
        Assert.Null(allocator.TryNext());
        _disk.Capacity = long.MaxValue;
        Assert.Equal(0, allocator.TryNext());
    }

    ProducerIdAllocator Open() => ProducerIdAllocator.Open("/producer-ids", _disk, NullLogger.Instance);
}
