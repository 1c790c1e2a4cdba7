using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Apis;

public sealed class ProduceTests : OneTopicTests
{
    [Fact]
    public async Task Offsets_go_on_from_batch_to_batch_and_over_a_restart()
    {
        Assert.Equal(0, (await ProduceAsync(Requests.Produce("t", 0, Requests.Batch("a", "b")))).BaseOffset);
        Assert.Equal(2, (await ProduceAsync(Requests.Produce("t", 0, Requests.Batch("c")))).BaseOffset);
        await Broker.RestartAsync();
        using var again = await Broker.ConnectAsync();
        Assert.Equal(3, (await ProduceAnswer.AskAsync(again, Requests.Produce("t", 0, Requests.Batch("d")))).BaseOffset);
    }

    [Fact]
    public async Task An_unknown_topic_or_partition_is_an_error_and_nothing_is_created()
    {
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await ProduceAsync(Requests.Produce("nobody", 0, Requests.Batch("a")))).Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await ProduceAsync(Requests.Produce("t", 3, Requests.Batch("a")))).Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await ProduceAsync(Requests.Produce("t", -1, Requests.Batch("a")))).Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await ProduceAsync(Requests.Produce("nobody", 0, Requests.Batch("a")))).Error);
    }

    [Fact]
    public async Task Null_records_are_invalid() =>
        Assert.Equal(ErrorCode.InvalidRecord, (await ProduceAsync(Requests.Produce("t", 0, null))).Error);

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task Unknown_acks_are_refused(short acks) =>
        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await ProduceAsync(Requests.Produce("t", 0, Requests.Batch("a"), acks))).Error);

    [Fact]
    public async Task A_wrong_CRC_is_refused_and_the_connection_goes_on()
    {
        var batch = Requests.Batch("a");
        batch[^1] ^= 1;
        Assert.Equal(new ProduceAnswer(ErrorCode.CorruptMessage, -1, 0), await ProduceAsync(Requests.Produce("t", 0, batch)));
        Assert.Equal(0, (await ProduceAsync(Requests.Produce("t", 0, Requests.Batch("a")))).BaseOffset);
    }

    [Fact]
    public async Task A_batch_too_large_is_refused()
    {
        var batch = Requests.Batch(new string('x', Broker.Options.MaxBatchBytes));
        Assert.Equal(ErrorCode.MessageTooLarge, (await ProduceAsync(Requests.Produce("t", 0, batch))).Error);
    }

    [Fact]
    public async Task A_repeated_sequence_returns_the_first_offset_also_after_a_restart()
    {
        var batch = new RecordBatchBuilder { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0 }.Add(1, null, [1]).Build();
        Assert.Equal(0, (await ProduceAsync(Requests.Produce("t", 0, batch))).BaseOffset);
        await ProduceAsync(Requests.Produce("t", 0, Requests.Batch("between")));
        Assert.Equal(0, (await ProduceAsync(Requests.Produce("t", 0, batch))).BaseOffset);
        await Broker.RestartAsync();
        using var again = await Broker.ConnectAsync();
        Assert.Equal(0, (await ProduceAnswer.AskAsync(again, Requests.Produce("t", 0, batch))).BaseOffset);
        Assert.Equal(2, (await FetchAnswer.AskAsync(again, Requests.Fetch("t", 0, offset: 0))).HighWatermark);
    }

    [Fact]
    public async Task With_acks_0_there_is_no_answer()
    {
        await Client.SendAsync(ApiKey.Produce, Requests.ProduceVersion, Requests.Produce("t", 0, Requests.Batch("a"), acks: 0));
        // Had it been answered, this would be the answer to the wrong request.
        Assert.Equal(1, (await FetchAnswer.AskAsync(Client, Requests.Fetch("t", 0, offset: 0))).HighWatermark);
    }

    [Fact]
    public async Task With_acks_0_an_error_closes_the_connection()
    {
        await Client.SendAsync(ApiKey.Produce, Requests.ProduceVersion, Requests.Produce("nobody", 0, Requests.Batch("a"), acks: 0));
        Assert.True(await Client.IsClosedByPeerAsync());
    }

    Task<ProduceAnswer> ProduceAsync(Action<KafkaWriter> body) => ProduceAnswer.AskAsync(Client, body);
}
