using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Kafka;

public sealed class CommittedOffsetsTests : IDisposable
{
    /// <summary>A request meets the moment in which the connection breaks once in some ten restarts.</summary>
    const int Restarts = 40;

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_broker_that_goes_and_comes_while_it_is_asked_costs_answers_and_not_the_process()
    {
        var partition = new TopicPartition("t", 0);
        var broker = await StartAsync(0);
        var port = broker.EndPoint.Port;
        var endpoints = new StandEndpoints { Kafka = $"{broker.EndPoint}", ClickHouse = new Uri("http://127.0.0.1:1") };
        using var ended = new CancellationTokenSource();
        using var kafka = new KafkaAdmin(endpoints, TimeSpan.FromSeconds(1));
        var asking = Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskAsync(kafka, partition, ended.Token))).ToList();
        for (var restart = 0; restart < Restarts; restart++)
        {
            await broker.DisposeAsync();
            broker = await StartAsync(port);
            await Eventually.Holds(
                async () => await kafka.Offsets.CommittedAsync("g", [partition]) is { Count: 0 }, "the broker that is back answers");
        }
        await ended.CancelAsync();
        await Task.WhenAll(asking);
        await broker.DisposeAsync();
    }

    static async Task AskAsync(KafkaAdmin kafka, TopicPartition partition, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await kafka.Offsets.CommittedAsync("g", [partition]);
            }
            catch (KafkaUnavailableException)
            {
                // It is away.
            }
        }
    }

    Task<BrokerHost> StartAsync(int port) =>
        BrokerHost.StartAsync(
            new BrokerOptions { DataDirectory = _directory.Sub("broker"), Port = port }, NullLoggerFactory.Instance,
            CancellationToken.None);
}
