using System.Collections.Concurrent;
using Confluent.Kafka;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;
using Millrace.Testing;

namespace Millrace.Conformance.Crashes;

/// <summary>The promise of an acknowledgement, kept through kill -9 under load.</summary>
[Collection(nameof(KafkaBrokers))]
public sealed class KillTests
{
    const int Kills = 4;
    const int RecordsPerLife = 3000;
    const string Topic = "t";

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Lz4)]
    public async Task Every_record_of_an_idempotent_producer_is_there_once_after_the_broker_was_killed_again_and_again(CompressionType codec)
    {
        using var broker = new BrokerProcess();
        await broker.StartAsync();
        var acknowledged = new ConcurrentBag<string>();
        var failed = new ConcurrentBag<string>();
        using (var producer = CreateProducer(broker.Bootstrap, codec))
        {
            // 1. Records flow. 2. With some of them acknowledged and others under way, the broker is killed.
            // 3. It comes back; the producer sends again what it has no answer for.
            for (var life = 0; life <= Kills; life++)
            {
                var before = acknowledged.Count;
                for (var i = 0; i < RecordsPerLife; i++) Send(producer, $"{life}-{i}", acknowledged, failed);
                if (life == Kills) break;
                await Eventually.Holds(() => acknowledged.Count > before, "records are acknowledged");
                await broker.KillAsync();
                await broker.StartAsync();
            }
            producer.Flush(TimeSpan.FromMinutes(2));
        }
        Assert.Empty(failed);
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), await Kcat.ConsumeAsync(broker.Bootstrap, Topic, "check.crcs=true"));
        Assert.Equal((Kills + 1) * RecordsPerLife, acknowledged.Count);
    }

    [Fact]
    public async Task Committed_offsets_survive_a_kill()
    {
        using var broker = new BrokerProcess();
        await broker.StartAsync();
        await Kcat.ProduceAsync(broker.Bootstrap, Topic, Enumerable.Range(0, 100).Select(i => $"{i:D3}"));
        var first = await Kcat.ConsumeAsGroupAsync(broker.Bootstrap, "g", Topic, 60);
        await broker.KillAsync();
        await broker.StartAsync();
        var rest = await Kcat.ConsumeAsGroupAsync(broker.Bootstrap, "g", Topic, 40);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i:D3}"), first.Concat(rest).Order(StringComparer.Ordinal));
    }

    static void Send(IProducer<string, string> producer, string value, ConcurrentBag<string> acknowledged, ConcurrentBag<string> failed) =>
        producer.Produce(Topic, new() { Key = value, Value = value }, report => (report.Error.IsError ? failed : acknowledged).Add(value));

    // Small batches and several requests under way: the more of them a kill can hit, the better.
    static IProducer<string, string> CreateProducer(string bootstrap, CompressionType codec) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = bootstrap,
        EnableIdempotence = true,
        CompressionType = codec,
        LingerMs = 1,
        BatchSize = 2000,
        ReconnectBackoffMaxMs = 200,
        MessageTimeoutMs = 120_000,
    }).SetLogHandler((_, _) => { }).Build();
}
