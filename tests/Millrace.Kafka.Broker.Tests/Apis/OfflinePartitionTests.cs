using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Apis;

/// <summary>A disk that fails is never answered with "no such offset".</summary>
public sealed class OfflinePartitionTests : IAsyncLifetime
{
    readonly MemoryFileSystem _disk = new();
    TestBroker _broker = null!;
    RawConnection _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(TestBroker.WithDirectory, files: _disk);
        _client = await _broker.ConnectAsync();
        await _client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        await ProduceAnswer.AskAsync(_client, Requests.Produce("t", 0, Requests.Batch("a")));
        _disk.Fails = (operation, path) => operation == "read" && path.Contains("/t-0/", StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)] // max timestamp
    public async Task A_search_by_time_that_finds_the_disk_failing_is_a_storage_error(long timestamp)
    {
        var answer = await _client.AskAsync(ApiKey.ListOffsets, 1, Partition(writer => writer.WriteInt64(timestamp)));
        Assert.Equal(ErrorCode.KafkaStorageError, ErrorAfterTopic(answer, indexFirst: true));
    }

    [Fact]
    public async Task The_end_of_a_leader_epoch_is_not_told_of_an_offline_partition()
    {
        Assert.Equal(ErrorCode.KafkaStorageError, (await FetchAnswer.AskAsync(_client, Requests.Fetch("t", 0, offset: 0))).Error);
        var answer = await _client.AskAsync(ApiKey.OffsetForLeaderEpoch, 2, Partition(writer =>
        {
            writer.WriteInt32(-1); // current leader epoch
            writer.WriteInt32(0); // leader epoch
        }, replica: false));
        Assert.Equal(ErrorCode.KafkaStorageError, ErrorAfterTopic(answer[4..], indexFirst: false)); // after the throttle time
    }

    [Fact]
    public async Task A_waiting_fetch_hears_at_once_that_its_partition_went_offline()
    {
        // Longer than the test has patience for.
        await _client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 1, maxWaitMs: 600_000));
        _disk.Fails = (_, path) => path.Contains("/t-0/", StringComparison.Ordinal);
        using var producer = await _broker.ConnectAsync();
        var refused = await ProduceAnswer.AskAsync(producer, Requests.Produce("t", 0, Requests.Batch("b")));
        Assert.Equal(ErrorCode.KafkaStorageError, refused.Error);
        var answer = FetchAnswer.Read((await _client.ReceiveAsync(flexibleHeader: false)).Body);
        Assert.Equal(ErrorCode.KafkaStorageError, answer.Error);
    }

    /// <summary>A request about partition 0 of t.</summary>
    static Action<KafkaWriter> Partition(Action<KafkaWriter> writeRest, bool replica = true) => writer =>
    {
        if (replica) writer.WriteInt32(-1); // replica id
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteString("t", flexible: false);
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteInt32(0);
        writeRest(writer);
    };

    static ErrorCode ErrorAfterTopic(ReadOnlyMemory<byte> answer, bool indexFirst)
    {
        var reader = new KafkaReader(answer);
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal("t", reader.ReadString(false));
        Assert.Equal(1, reader.ReadInt32());
        if (indexFirst) Assert.Equal(0, reader.ReadInt32());
        return (ErrorCode)reader.ReadInt16();
    }
}
