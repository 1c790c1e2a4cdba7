using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

/// <summary>A broker that is killed under load and comes back.</summary>
[Collection(OriginalBroker.OneAtATime)]
public class EmitterOutageTests
{
    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_broker_killed_and_started_again_has_every_event_once()
    {
        await using var kafka = await ApacheKafkaServer.StartAsync();
        var endpoints = new StandEndpoints { Kafka = kafka.Bootstrap, ClickHouse = new Uri("http://127.0.0.1:1") };
        var catalog = StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));
        var reports = new ConcurrentQueue<EmitterReport>();
        using var stop = new CancellationTokenSource();
        var run = Emitter.RunAsync(
            new EmitterOptions(), new EmitterRate(20_000), endpoints, catalog, acknowledged: null, reports.Enqueue,
            NullLogger.Instance, TimeProvider.System, stop.Token);

        await Eventually.Holds(() => Last().Acknowledged > 20_000, "events arrive");
        await kafka.KillAsync();
        await Eventually.Holds(() => Last().InFlight > 20_000, "events wait");
        await kafka.RunAsync();
        await Eventually.Holds(() => Last() is { InFlight: < 20_000 } last && last.Acknowledged > 100_000, "events arrive again");
        await stop.CancelAsync();
        var final = await run;

        Assert.Equal((0, 0), (final.Failed, final.InFlight));
        using var admin = new KafkaAdmin(endpoints);
        var topics = (await admin.ListTopicsAsync()).ToDictionary(topic => topic.Name);
        Assert.All(final.Topics, report => Assert.Equal(report.Acknowledged, topics[report.Topic].Records));

        EmitterReport Last() => reports.Last();
    }
}
