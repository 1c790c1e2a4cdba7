using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

/// <summary>The emitter and the embedded broker, stopped under load and started again.</summary>
public sealed class EmitterRestartTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_broker_stopped_and_started_again_has_every_event_once()
    {
        var reports = new ConcurrentQueue<EmitterReport>();
        using var stop = new CancellationTokenSource();
        var broker = await StartBroker(port: 0);
        var endpoints = new StandEndpoints { Kafka = $"{broker.EndPoint}", ClickHouse = new Uri("http://127.0.0.1:1") };
        var options = new EmitterOptions { MessagesPerSecond = 5000 };
        var run = Emitter.RunAsync(
            options, new EmitterRate(options.MessagesPerSecond), endpoints, Catalog, acknowledged: null, reports.Enqueue,
            NullLogger.Instance, TimeProvider.System, stop.Token);

        await Eventually.Holds(() => reports.Last().Acknowledged > 5000, "events arrive");
        await broker.DisposeAsync();
        await Eventually.Holds(() => reports.Last().InFlight > 5000, "events wait");
        await using var again = await StartBroker(broker.EndPoint.Port);
        var before = reports.Last().Generated;
        await Eventually.Holds(() => reports.Last().Acknowledged > before, "events arrive again");
        await stop.CancelAsync();
        var final = await run;

        Assert.Equal((0, 0), (final.Failed, final.InFlight));
        using var admin = new KafkaAdmin(endpoints);
        var topics = (await admin.ListTopicsAsync()).ToDictionary(topic => topic.Name);
        Assert.All(final.Topics, report => Assert.Equal(report.Acknowledged, topics[report.Topic].Records));
    }

    public void Dispose() => _directory.Dispose();

    static StreamCatalog Catalog => StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));

    Task<BrokerHost> StartBroker(int port) => BrokerHost.StartAsync(
        new BrokerOptions { DataDirectory = _directory.Sub("broker"), Port = port }, NullLoggerFactory.Instance, CancellationToken.None);
}
