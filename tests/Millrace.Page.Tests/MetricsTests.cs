using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Meters;
using Millrace.Page.Metrics;
using Millrace.Page.Stand;
using Millrace.Streams;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Page.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Readings_of_every_service_are_Prometheus_text()
    {
        var supervisor = new TestSupervisor
        {
            Readings =
            [
                new("broker", [Counter("kafka.network.io", "By", 5), new("kafka.request.time.99p", MeterKind.Gauge, "s", null, null, 0.25)]),
                new("clickhouse", [Counter("clickhouse.selected.rows", "{row}", 7)]),
            ],
        };
        await using var page = await RunningPage.StartAsync(supervisor: supervisor);
        var text = await page.Client.GetStringAsync("/metrics");
        AssertLine("kafka_network_io_bytes_total", "service_name=\"broker\"", "5", text);
        AssertLine("kafka_request_time_99p_seconds", "service_name=\"broker\"", "0.25", text);
        AssertLine("clickhouse_selected_rows_total", "service_name=\"clickhouse\"", "7", text);
        Assert.Contains("# TYPE kafka_network_io_bytes_total counter", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time_seconds_total{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_gone_leaves_no_stale_series_and_one_that_comes_is_there()
    {
        var supervisor = new TestSupervisor { Readings = [new("broker", [Counter("kafka.network.io", "By", 5)])] };
        await using var page = await RunningPage.StartAsync(supervisor: supervisor);
        Assert.Contains("kafka_network_io", await page.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        supervisor.Readings = [new ServiceReadings("emitter", [Counter("messaging.client.sent.messages", "{message}", 3)])];
        await Eventually.Holds(
            async () =>
            {
                var text = await page.Client.GetStringAsync("/metrics");
                return text.Contains("messaging_client_sent_messages_total", StringComparison.Ordinal)
                    && !text.Contains("kafka_network_io_bytes_total{", StringComparison.Ordinal);
            },
            "the broker's series is gone and the emitter's is there");
    }

    [Fact]
    public async Task What_flows_is_among_them_without_a_supervisor()
    {
        await using var page = await RunningPage.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var stream = new StreamStatus("orders", "orders", "orders_table", 120, 1, 100, 20, 95, 1, 5, 30, 90) { LagSeconds = 1.5 };
        page.Hub.Publish(RunningPage.Document(1) with
        {
            Time = now,
            Flow = new StandStatus(now, null, null, [stream]),
            Services = [new ServiceFacts("broker", ServiceFacts.Running, 17, RunningPage.Start, 2, null, null, 1_000_000, 3.5)],
        });
        var text = await page.Client.GetStringAsync("/metrics");
        AssertLine("kafka_consumer_group_lag_sum", "group=\"clickhouse_router_group\",service_name=\"stand\",topic=\"orders\"", "20", text);
        AssertLine("millrace_topic_log_end_offset_sum", "topic=\"orders\"", "120", text);
        AssertLine("millrace_stream_lag_time_seconds", "stream=\"orders\"", "1.5", text);
        AssertLine("millrace_stream_latency_99p_seconds", "table=\"orders_table\"", "0.09", text);
        AssertLine("process_memory_usage_bytes", "service_name=\"broker\"", "1000000", text);
        AssertLine("millrace_service_restarts_total", "service_name=\"broker\"", "2", text);
    }

    [Theory]
    [InlineData(60, 60, false, false)]
    [InlineData(1, 60, true, false)]
    [InlineData(1, 1, true, true)]
    public async Task What_was_seen_a_minute_ago_is_not_told_as_if_it_were_so_now(
        int documentAge, int flowAge, bool tellsOfServices, bool tellsOfTheFlow)
    {
        await using var page = await RunningPage.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var stream = new StreamStatus("orders", "orders", "orders_table", 120, 1, 100, 20, 95, 1, 5, 30, 90);
        page.Hub.Publish(RunningPage.Document(1) with
        {
            Time = now.AddSeconds(-documentAge),
            Flow = new StandStatus(now.AddSeconds(-flowAge), null, null, [stream]),
            Services = [new ServiceFacts("broker", ServiceFacts.Running, 17, RunningPage.Start, 2, null, null, 1_000_000, 3.5)],
        });
        var text = await page.Client.GetStringAsync("/metrics");
        Assert.Equal(tellsOfServices, text.Contains("millrace_service_running{", StringComparison.Ordinal));
        Assert.Equal(tellsOfTheFlow, text.Contains("kafka_consumer_group_lag_sum{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_refreshes_any_more_is_left_out()
    {
        var clock = new FakeClock();
        var supervisor = new TestSupervisor { Readings = [new("broker", [Counter("test.left.alone", "By", 5)])] };
        var stand = StandOf(supervisor);
        using var metrics = new StandMetrics(stand, clock, NullLogger.Instance);
        await metrics.RefreshAsync(CancellationToken.None);

        List<double> seen = [];
        using var listener = Listen("test.left.alone", seen);
        listener.RecordObservableInstruments();
        clock.Advance(TimeSpan.FromSeconds(11));
        listener.RecordObservableInstruments();
        Assert.Equal([5], seen);
        stand.ClickHouse.Dispose();
    }

    [Fact]
    public async Task One_second_that_fails_is_logged_and_the_next_one_is_measured_all_the_same()
    {
        var clock = new FakeClock();
        var log = new NotedLog();
        var supervisor = new TestSupervisor
        {
            Readings = [new("broker", [Counter("test.kept.fresh", "By", 5)])],
            Failure = new InvalidOperationException("nobody expected it"),
        };
        var stand = StandOf(supervisor);
        using var metrics = new StandMetrics(stand, clock, log);
        using var stopping = new CancellationTokenSource();
        var running = metrics.KeepFreshAsync(stopping.Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(() => !log.Noted.IsEmpty, "the failure is logged");
        supervisor.Failure = null;

        List<double> seen = [];
        using var listener = Listen("test.kept.fresh", seen);
        await Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                listener.RecordObservableInstruments();
                return seen.Contains(5);
            },
            "it is measured again");
        await stopping.CancelAsync();
        await running;
        Assert.Equal(["nobody expected it"], log.Noted);
        stand.ClickHouse.Dispose();
    }

    [Fact]
    public async Task A_page_ends_soon_though_the_collector_does_not_answer()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var page = await PushingToAsync(new Uri($"http://{deaf.LocalEndpoint}"));
        var started = Stopwatch.GetTimestamp();
        await page.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Where_there_is_a_token_whoever_collects_brings_it_in_a_header()
    {
        await using var page = await RunningPage.StartAsync(token: "f00d");
        Assert.Equal(HttpStatusCode.Unauthorized, (await page.Client.GetAsync("/metrics")).StatusCode);
        foreach (var (token, status) in new[] { ("beef", HttpStatusCode.Unauthorized), ("f00d", HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.Authorization = new("Bearer", token);
            Assert.Equal(status, (await page.Client.SendAsync(request)).StatusCode);
        }
    }

    static PageStand StandOf(ISupervisor supervisor) => new(
        new PageOptions(new StandEndpoints { Kafka = "127.0.0.1:1", ClickHouse = new Uri("http://127.0.0.1:1/") }, "/streams"),
        new StatusHub(), supervisor, NullLogger.Instance, CancellationToken.None);

    static MeterListener Listen(string name, List<double> seen)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seen.Add(value));
        listener.Start();
        return listener;
    }

    static void AssertLine(string name, string tags, string value, string text) => Assert.Contains(
        text.Split('\n'),
        line => line.StartsWith($"{name}{{", StringComparison.Ordinal) && line.Contains(tags, StringComparison.Ordinal)
            && line.EndsWith($"}} {value}", StringComparison.Ordinal));

    /// <summary>Other tests' pages that start in this moment push as well, which does them no harm.</summary>
    static async Task<RunningPage> PushingToAsync(Uri collector)
    {
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", collector.OriginalString);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        try
        {
            return await RunningPage.StartAsync();
        }
        finally
        {
            foreach (var name in new[] { "ENDPOINT", "PROTOCOL" }) Environment.SetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{name}", null);
        }
    }

    static MeterReading Counter(string name, string unit, double value) =>
        new(name, MeterKind.Counter, unit, "What it counts.", null, value);

    /// <summary>Keeps the messages of the exceptions that are logged.</summary>
    sealed class NotedLog : ILogger
    {
        public ConcurrentQueue<string> Noted { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null) Noted.Enqueue(exception.Message);
        }
    }
}
