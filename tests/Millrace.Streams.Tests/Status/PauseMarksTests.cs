using System.Collections.Concurrent;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Events;
using Millrace.Streams.Status;
using Millrace.Streams.Tests.Audit;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Status;

/// <summary>The marks of pauses on the time axis, by what ClickHouse says.</summary>
[Collection(ServersCollection.Name)]
public sealed class PauseMarksTests(ServersFixture servers, QuietBroker broker) : ServersTest(servers), IClassFixture<QuietBroker>
{
    [Fact]
    public async Task A_ClickHouse_that_is_away_when_definitions_change_resumes_nothing_and_hides_no_resumption()
    {
        using var stream = await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka);
        using var client = new ClickHouseClient(stream.Endpoints);
        var mark = StreamPause.MarkOf(stream.Catalog.Streams[0], stream.Endpoints.Identity.Name);
        await client.ExecuteAsync(mark.CreateSqlWithComment);
        var (stand, hub) = (new Stand(stream), new StatusHub());
        using var stopping = new CancellationTokenSource();
        var running = new StatusFeed(hub, stand, TimeProvider.System).RunAsync(stopping.Token);
        var seen = new ConcurrentQueue<StandEvent>();
        using var subscription = hub.Subscribe(null, 0);
        var watching = WatchAsync();

        await Eventually.Holds(() => Paused() is true, "it is paused");
        (stand.ClickHouse, stand.Definitions) = (new Uri("http://127.0.0.1:1"), "edited");
        await Eventually.Holds(() => hub.Last?.Flow is { ClickHouseTrouble: not null }, "ClickHouse is away");
        Assert.Null(Paused());
        await client.ExecuteAsync($"DROP TABLE {mark.Name}");
        (stand.ClickHouse, stand.Definitions) = (stream.Endpoints.ClickHouse, "edited again");
        await Eventually.Holds(() => Paused() is false, "ClickHouse is back, and it is resumed");
        await Eventually.Holds(() => Marks().Count > 0, "the mark is there");
        Assert.Equal([StandEvent.IsResumed], Marks());

        await stopping.CancelAsync();
        await Task.WhenAll(running, watching);

        async Task WatchAsync()
        {
            try
            {
                await foreach (var document in subscription.ReadAllAsync(stopping.Token))
                    foreach (var happened in document.Events) seen.Enqueue(happened);
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        IReadOnlyList<string> Marks() =>
            [.. seen.Select(happened => happened.Kind).Where(kind => kind is StandEvent.IsPaused or StandEvent.IsResumed)];

        bool? Paused() => hub.Last?.Flow?.Streams[0].Paused;
    }

    /// <summary>Without services; a test says where its ClickHouse is.</summary>
    sealed class Stand(AuditedStream stream) : IStandFacts
    {
        public Uri ClickHouse { get; set; } = stream.Endpoints.ClickHouse;

        public object? Definitions { get; set; } = "first";

        public IReadOnlyList<ServiceFacts> Services => [];

        public EmitterSummary? Emitter => null;

        public StandStatusReader Open() => new(stream.Endpoints with { ClickHouse = ClickHouse }, stream.Catalog, TimeProvider.System);
    }
}
