using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Secrets;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

/// <summary>The emitter against librdkafka's mock cluster, which lives in the producer itself.</summary>
public class EmitterTests
{
    static readonly StreamCatalog Catalog = StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));

    static readonly StandEndpoints Mock = new()
    {
        Kafka = "127.0.0.1:1",
        ClickHouse = new Uri("http://127.0.0.1:1"),
        KafkaProperties = new Dictionary<string, Secret> { ["test.mock.num.brokers"] = "1" },
    };

    [Fact]
    public async Task It_stops_when_the_asked_number_of_events_is_acknowledged()
    {
        var report = await Run(new EmitterOptions { MessagesPerSecond = 0, Events = 20_000 }, Mock, _ => { }, CancellationToken.None);

        Assert.Equal((20_000, 20_000, 0, 0), (report.Generated, report.Acknowledged, report.Failed, report.InFlight));
        Assert.True(report.IsFinal);
    }

    [Fact]
    public async Task It_reports_each_second_the_rate_it_held()
    {
        using var stop = new CancellationTokenSource();
        var reports = new List<EmitterReport>();

        await Run(new EmitterOptions { MessagesPerSecond = 500 }, Mock, report =>
        {
            reports.Add(report);
            if (reports.Count == 3) stop.Cancel();
        }, stop.Token);

        Assert.Equal(4, reports.Count);
        Assert.All(reports[1..3], report => Assert.InRange(report.GeneratedPerSecond, 1, 1100));
        Assert.True(reports[^1].IsFinal);
        Assert.Equal(["orders", "page_views", "user_clicks"], reports[^1].Topics.Select(topic => topic.Topic).Order());
    }

    [Fact]
    public async Task A_profile_is_followed_and_told_until_somebody_asks_for_a_rate()
    {
        using var stop = new CancellationTokenSource();
        var options = new EmitterOptions { RateProfile = "steps 300,700 every 500ms", MessagesPerSecond = 5 };
        var rate = new EmitterRate(options, TimeSpan.Zero);
        var reports = new List<EmitterReport>();
        await Emitter.RunAsync(options, rate, Mock, Catalog, acknowledged: null, report =>
        {
            reports.Add(report);
            if (reports.Count == 2) rate.PerSecond = 400;
            if (reports.Count == 4) stop.Cancel();
        }, NullLogger.Instance, TimeProvider.System, stop.Token);

        Assert.Equal((700, options.RateProfile), (reports[0].TargetPerSecond, reports[0].RateProfile));
        Assert.InRange(reports[1].Generated, 1, 5000);
        Assert.Equal((400, null), (reports[3].TargetPerSecond, reports[3].RateProfile));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("all")]
    public async Task Every_kind_of_acks_is_counted(string acks)
    {
        var options = EmitterOptions.FromEnvironment(name => name == EmitterOptions.AcksVariable ? acks : null) with { Events = 500, MessagesPerSecond = 0 };

        var report = await Run(options, Mock, _ => { }, CancellationToken.None);

        Assert.Equal(500, report.Acknowledged);
    }

    [Fact]
    public async Task What_a_broker_that_never_answers_did_not_acknowledge_is_in_the_final_report()
    {
        using var stop = new CancellationTokenSource();
        var nobody = Mock with { KafkaProperties = new Dictionary<string, Secret>() };

        var report = await Run(new EmitterOptions { MessagesPerSecond = 0 }, nobody, report =>
        {
            if (report.IsWaiting) stop.Cancel();
        }, stop.Token);

        Assert.Equal(EventProducer.MaxInFlight, report.InFlight);
        Assert.Equal((report.InFlight, 0, 0), (report.Generated, report.Acknowledged, report.Failed));
    }

    [Fact]
    public async Task A_stream_after_one_that_is_not_emitted_is_emitted()
    {
        var catalog = TestStream.Catalog(TestStream.Small("quiet", name: "quiet") + "\nweight: 0", TestStream.Small("loud", name: "loud") + "\nafter: quiet");

        var report = await Run(new EmitterOptions { MessagesPerSecond = 0, Events = 100 }, Mock, _ => { }, CancellationToken.None, catalog);

        Assert.Equal(new TopicReport("loud", 100, 100, 0), report.Topics.Single());
    }

    [Fact]
    public async Task A_property_that_the_producer_does_not_take_is_the_profiles_fault()
    {
        var unordered = Mock with { KafkaProperties = new Dictionary<string, Secret> { ["max.in.flight.requests.per.connection"] = "10" } };
        var refused = await Assert.ThrowsAsync<KafkaPropertyException>(() =>
            Run(new EmitterOptions { Events = 1 }, unordered, _ => { }, CancellationToken.None));
        Assert.Contains("max.in.flight", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_not_even_sent_counts_as_failed_with_the_reason_and_the_next_goes_on()
    {
        using var producer = new EventProducer(
            ProducerProperties.For(Mock, new EmitterOptions()), ["orders"], acknowledged: null, NullLogger.Instance);
        Assert.True(producer.TryProduce(0, null, new byte[2_000_000]));
        Assert.Equal(new TopicReport("orders", 1, 0, 1), producer.Report().Single());
        Assert.Contains("Message size too large", producer.LastError, StringComparison.Ordinal);
        Assert.True(producer.TryProduce(0, null, new byte[10]));
        producer.Flush(Eventually.DefaultLimit);
        Assert.Equal(new TopicReport("orders", 2, 1, 1), producer.Report().Single());
    }

    static Task<EmitterReport> Run(
        EmitterOptions options, StandEndpoints endpoints, Action<EmitterReport> eachSecond, CancellationToken stop,
        StreamCatalog? catalog = null) =>
        Emitter.RunAsync(
            options, new EmitterRate(options.MessagesPerSecond), endpoints, catalog ?? Catalog, acknowledged: null, eachSecond,
            NullLogger.Instance, TimeProvider.System, stop);
}
