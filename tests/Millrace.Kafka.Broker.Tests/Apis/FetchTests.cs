using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Apis;

public sealed class FetchTests : IAsyncLifetime
{
    /// <summary>Longer than any test: a fetch with this wait ends for another reason, or the test fails.</summary>
    const int ForAges = 600_000;

    readonly CountingFileSystem _files = new();
    TestBroker _broker = null!;
    RawConnection _client = null!;
    RawConnection _producer = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(files: _files);
        _client = await _broker.ConnectAsync();
        _producer = await _broker.ConnectAsync();
        await _client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _producer.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Batches_come_back_as_they_were_sent_save_for_offset_and_leader_epoch()
    {
        var first = Requests.Batch("a", "b");
        var second = Requests.Batch("c");
        await ProduceAsync(first);
        await ProduceAsync(second);
        var answer = await FetchAsync(Requests.Fetch("t", 0, offset: 0));
        Assert.Equal((ErrorCode.None, 3, 0), (answer.Error, answer.HighWatermark, answer.LogStartOffset));
        byte[] expected = [.. WithOffset(first, 0), .. WithOffset(second, 2)];
        Assert.Equal(expected, answer.Records);
    }

    [Fact]
    public async Task The_batch_that_holds_the_offset_comes_whole()
    {
        await ProduceAsync(Requests.Batch("a", "b", "c"));
        Assert.Equal(0, (await FetchAsync(Requests.Fetch("t", 0, offset: 2))).Records[7]);
    }

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(1 << 20, 1)]
    [InlineData(0, 0)]
    public async Task The_first_batch_comes_even_when_it_is_above_every_limit(int maxBytes, int partitionMaxBytes)
    {
        var batch = Requests.Batch(new string('x', 1000));
        await ProduceAsync(batch);
        await ProduceAsync(batch);
        var answer = await FetchAsync(Requests.Fetch("t", 0, offset: 0, maxBytes: maxBytes, partitionMaxBytes: partitionMaxBytes));
        Assert.Equal(batch.Length, answer.Records.Length);
    }

    [Fact]
    public async Task An_append_wakes_a_waiting_fetch()
    {
        await _client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: ForAges));
        await ProduceAsync(Requests.Batch("a"));
        Assert.Equal(1, FetchAnswer.Read((await _client.ReceiveAsync(flexibleHeader: false)).Body).HighWatermark);
    }

    [Fact]
    public async Task The_end_of_its_topic_wakes_a_waiting_fetch()
    {
        await _client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: ForAges));
        await _producer.AskAsync(ApiKey.DeleteTopics, 1, Requests.DeleteTopic("t"));
        var answer = FetchAnswer.Read((await _client.ReceiveAsync(flexibleHeader: false)).Body);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, answer.Error);
    }

    [Fact]
    public async Task A_fetch_waits_until_appends_have_brought_its_minimum()
    {
        var batch = Requests.Batch(new string('x', 100));
        await _client.SendAsync(
            ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: ForAges, minBytes: 3 * batch.Length));
        for (var i = 0; i < 3; i++) await ProduceAsync(batch);
        Assert.Equal(3 * batch.Length, FetchAnswer.Read((await _client.ReceiveAsync(flexibleHeader: false)).Body).Records.Length);
    }

    [Fact]
    public async Task A_fetch_that_waits_for_its_minimum_does_not_read_the_log_at_each_append()
    {
        const int Batches = 50;
        var before = _files.Reads;
        var batch = Requests.Batch(new string('x', 100));
        await _client.SendAsync(
            ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: ForAges, minBytes: Batches * batch.Length));
        for (var i = 0; i < Batches; i++) await ProduceAsync(batch);
        await _client.ReceiveAsync(flexibleHeader: false);
        var waited = _files.Reads - before;
        await FetchAsync(Requests.Fetch("t", 0, offset: 0));
        // When it comes, which may be after the first appends, and when it goes.
        Assert.InRange(waited, 1, 2 * (_files.Reads - before - waited));
    }

    [Theory]
    [InlineData(1000, 1 << 20, 1000)]
    [InlineData(1 << 20, 1000, 1 << 20)]
    public async Task Whole_batches_that_don_t_add_up_to_the_limit_are_enough_for_a_minimum_of_that_size(int partitionMaxBytes, int maxBytes, int minBytes)
    {
        var batch = Requests.Batch(new string('x', 230));
        for (var i = 0; i < 5; i++) await ProduceAsync(batch);
        var answer = await FetchAsync(Requests.Fetch("t", 0, offset: 0, ForAges, minBytes, maxBytes, partitionMaxBytes));
        Assert.Equal(1000 / batch.Length * batch.Length, answer.Records.Length);
        Assert.NotEqual(1000, answer.Records.Length);
    }

    [Fact]
    public async Task A_sealed_segment_is_not_waited_for()
    {
        await using var broker = await TestBroker.StartAsync(options => options with { SegmentBytes = 400 });
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        var batch = Requests.Batch(new string('x', 230));
        for (var i = 0; i < 2; i++) await ProduceAnswer.AskAsync(client, Requests.Produce("t", 0, batch));
        var answer = await FetchAnswer.AskAsync(client, Requests.Fetch("t", 0, offset: 0, maxWaitMs: ForAges, minBytes: 1 << 20));
        Assert.Equal(batch.Length, answer.Records.Length);
    }

    [Fact]
    public async Task A_fetch_with_nothing_to_read_ends_empty_at_its_deadline()
    {
        var answer = await FetchAsync(Requests.Fetch("t", 0, offset: 0, maxWaitMs: 50));
        Assert.Equal((ErrorCode.None, 0), (answer.Error, answer.Records.Length));
    }

    [Fact]
    public async Task What_is_there_goes_out_at_the_deadline_although_it_is_less_than_the_minimum()
    {
        await ProduceAsync(Requests.Batch("a"));
        Assert.NotEmpty((await FetchAsync(Requests.Fetch("t", 0, offset: 0, maxWaitMs: 50, minBytes: 1 << 20))).Records);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public async Task An_offset_outside_the_log_is_out_of_range_at_once(long offset)
    {
        await ProduceAsync(Requests.Batch("a"));
        var answer = await FetchAsync(Requests.Fetch("t", 0, offset, maxWaitMs: ForAges));
        Assert.Equal((ErrorCode.OffsetOutOfRange, -1), (answer.Error, answer.HighWatermark));
    }

    [Theory]
    [InlineData("nobody", 0)]
    [InlineData("t", 3)]
    public async Task An_unknown_partition_is_an_error_at_once(string topic, int partition) =>
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await FetchAsync(Requests.Fetch(topic, partition, 0, maxWaitMs: ForAges))).Error);

    [Fact]
    public async Task A_leader_epoch_from_the_future_is_unknown() =>
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await FetchAsync(Requests.Fetch("t", 0, 0, maxWaitMs: ForAges, currentLeaderEpoch: 1))).Error);

    [Fact]
    public async Task A_session_that_was_never_opened_is_not_found() => Assert.Equal(
        ErrorCode.FetchSessionIdNotFound, (await FetchAsync(Requests.Fetch("t", 0, 0, maxWaitMs: ForAges, sessionId: 1, sessionEpoch: 1))).TopLevelError);

    [Fact]
    public async Task A_request_for_a_session_gets_a_whole_answer_without_one()
    {
        await ProduceAsync(Requests.Batch("a"));
        Assert.NotEmpty((await FetchAsync(Requests.Fetch("t", 0, 0, sessionId: 0, sessionEpoch: 0))).Records);
    }

    Task<FetchAnswer> FetchAsync(Action<KafkaWriter> body) => FetchAnswer.AskAsync(_client, body);

    async Task ProduceAsync(byte[] batch) =>
        Assert.Equal(ErrorCode.None, (await ProduceAnswer.AskAsync(_producer, Requests.Produce("t", 0, batch))).Error);

    /// <summary>Base offset at byte 0, leader epoch at byte 12: see RecordBatchHeader.</summary>
    static byte[] WithOffset(byte[] batch, byte offset)
    {
        byte[] stored = [.. batch];
        stored.AsSpan(0, 8).Clear();
        stored[7] = offset;
        stored.AsSpan(12, 4).Clear();
        return stored;
    }
}
