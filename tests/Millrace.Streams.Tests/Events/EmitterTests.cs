using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
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
        KafkaProperties = new Dictionary<string, string> { ["test.mock.num.brokers"] = "1" },
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
        var nobody = Mock with { KafkaProperties = new Dictionary<string, string>() };

        var report = await Run(new EmitterOptions { MessagesPerSecond = 0 }, nobody, report =>
        {
            if (report.IsWaiting) stop.Cancel();
        }, stop.Token);

        Assert.Equal(EventProducer.MaxInFlight, report.InFlight);
        Assert.Equal((report.InFlight, 0, 0), (report.Generated, report.Acknowledged, report.Failed));
    }

    [Fact]
    public void A_report_survives_its_json()
    {
        var report = new EmitterReport(DateTimeOffset.UnixEpoch, 1000, 999.5, 998, false, true, "why", [new TopicReport("orders", 10, 7, 1)]);

        var back = EmitterReport.FromJson(report.ToJson());

        Assert.Equal(report.ToJson(), back.ToJson());
        Assert.Equal(2, back.Topics.Single().InFlight);
        Assert.DoesNotContain('\n', report.ToJson());
    }

    static Task<EmitterReport> Run(EmitterOptions options, StandEndpoints endpoints, Action<EmitterReport> eachSecond, CancellationToken stop) =>
        Emitter.RunAsync(options, endpoints, Catalog, eachSecond, NullLogger.Instance, TimeProvider.System, stop);
}
