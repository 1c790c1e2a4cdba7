using Confluent.Kafka;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;
using Millrace.Testing;

namespace Millrace.Conformance.Verbs;

public sealed class Produce(KafkaBrokers brokers) : ConformanceTests(brokers)
{
    static readonly string[] Values = [.. Enumerable.Range(0, 500).Select(i => $"value {i} {new string('x', i % 100)}").Order(StringComparer.Ordinal)];

    [Theory]
    [EveryBroker(CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd)]
    public async Task Every_codec_comes_back_as_it_went(BrokerKind broker, CompressionType codec)
    {
        var topic = await CreateTopicAsync(broker);
        await ProduceAsync(broker, topic, Values, config => config.CompressionType = codec);
        Assert.Equal(Values, await Kcat.ConsumeAsync(await BootstrapAsync(broker), topic, "check.crcs=true"));
    }

    [Theory]
    [EveryBroker(Acks.None, Acks.Leader, Acks.All)]
    public async Task Every_kind_of_acknowledgement_is_served(BrokerKind broker, Acks acks)
    {
        var topic = await CreateTopicAsync(broker);
        await ProduceAsync(broker, topic, Values, config => config.Acks = acks);
        // With acks=0 the client is done before the broker is.
        await Eventually.Gives(
            async () => await Kcat.ConsumeAsync(await BootstrapAsync(broker), topic), values => values.SequenceEqual(Values), "every value is there");
    }

    [Theory, EveryBroker]
    public async Task An_idempotent_producer_gets_offsets_without_gaps(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker, partitions: 1);
        var config = new ProducerConfig { BootstrapServers = await BootstrapAsync(broker), EnableIdempotence = true };
        using var producer = new ProducerBuilder<Null, string>(config).Build();
        var results = await Task.WhenAll(Values.Select(value => producer.ProduceAsync(topic, new() { Value = value }))).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, Values.Length).Select(i => (long)i), results.Select(result => result.Offset.Value).Order());
    }

    [Theory, EveryBroker]
    public async Task A_record_too_large_is_an_error_and_the_next_one_goes_through(BrokerKind broker)
    {
        var topic = await CreateTopicAsync(broker);
        // The client's own limit is above the broker's, so that the broker has to refuse.
        var config = new ProducerConfig { BootstrapServers = await BootstrapAsync(broker), MessageMaxBytes = 10_000_000 };
        using var producer = new ProducerBuilder<Null, byte[]>(config).Build();
        var refused = await Assert.ThrowsAsync<ProduceException<Null, byte[]>>(
            () => producer.ProduceAsync(topic, new() { Value = new byte[2_000_000] }).WaitAsync(Patience));
        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        Assert.Equal(PersistenceStatus.Persisted, (await producer.ProduceAsync(topic, new() { Value = [1] }).WaitAsync(Patience)).Status);
    }

    [Theory, EveryBroker]
    public async Task A_topic_that_is_not_there_is_made_by_producing_to_it(BrokerKind broker)
    {
        var topic = NewName("auto");
        await ProduceAsync(broker, topic, ["first"]);
        Assert.Equal(["first"], await Kcat.ConsumeAsync(await BootstrapAsync(broker), topic));
    }

    [RequiresFact(Prerequisite.Kcat)]
    public async Task Kcat_with_gzip_does_compress()
    {
        // librdkafka before 2.12 sends uncompressed records to a broker that does not advertise Produce 0, and says nothing (KAFKA-18659).
        using var directory = new TemporaryDirectory();
        var options = new Kafka.Broker.Basics.BrokerOptions { DataDirectory = directory.Path, Port = 0 };
        await using (var host = await Kafka.Broker.BrokerHost.StartAsync(
            options, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, CancellationToken.None))
        {
            var values = Enumerable.Repeat(new string('x', 1000), 100);
            await Kcat.ProduceAsync($"127.0.0.1:{host.EndPoint.Port}", "t", values, "compression.codec=gzip", "linger.ms=500");
        }
        Assert.InRange(Directory.GetFiles(directory.Path, "*.log", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 20_000);
    }
}
