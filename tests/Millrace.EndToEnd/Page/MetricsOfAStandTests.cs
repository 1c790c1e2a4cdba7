using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Millrace.Testing;

namespace Millrace.EndToEnd.Page;

/// <summary>What whoever watches a stand from outside collects of it.</summary>
public sealed class MetricsOfAStandTests
{
    [Fact]
    public async Task The_page_tells_Prometheus_what_every_service_measures_and_goes_on_after_a_kill()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "200");
        using var http = new HttpClient();
        var metrics = new Uri(new Uri((await stand.ServiceAsync("page")).GetProperty("endpoint").GetString()!), "metrics");

        async Task<double> ValueAsync(string name, params string[] tags) => (await http.GetStringAsync(metrics)).Split('\n')
            .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal))
            .Where(line => tags.All(tag => line.Contains(tag, StringComparison.Ordinal)))
            .Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)).DefaultIfEmpty(double.NaN).Sum();
        Task GrowsAsync(string name, params string[] tags) =>
            Eventually.Holds(async () => await ValueAsync(name, tags) > 0, $"{name} {string.Join(' ', tags)} is above 0");

        await GrowsAsync("kafka_request_time_count_total", "kafka_request_type=\"Produce\"", "service_name=\"broker\"");
        await GrowsAsync("kafka_message_count_total");
        await GrowsAsync("clickhouse_query_time_count_total", "service_name=\"clickhouse\"");
        await GrowsAsync("messaging_client_sent_messages_total", "messaging_destination_name=\"orders\"", "service_name=\"emitter\"");
        await GrowsAsync("millrace_stream_rows", "table=\"orders_table\"");
        foreach (var service in new[] { "broker", "clickhouse", "emitter", "page" })
            await GrowsAsync("process_memory_usage_bytes", $"service_name=\"{service}\"");

        // More than what waits for the next broker.
        await Eventually.Holds(async () => await ValueAsync("kafka_message_count_total") > 4_000, "4,000 records are appended");
        var before = await ValueAsync("kafka_message_count_total");
        await stand.KillAsync("broker");
        await Eventually.Holds(
            async () => await ValueAsync("millrace_service_restarts_total", "service_name=\"broker\"") == 1
                && await ValueAsync("kafka_message_count_total") > 0,
            "the broker that followed is measured");
        // No counter falls: OpenTelemetry takes all for those of the page, which did not begin anew.
        Assert.True(await ValueAsync("kafka_message_count_total") >= before);
    }

    [Fact]
    public async Task Where_the_standard_variable_says_so_they_go_to_a_collector()
    {
        await using var stand = new Stand();
        var sent = new ConcurrentQueue<(string Path, string Body)>();
        await using var collector = await CollectorAsync(sent);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single());
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        Environment.SetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL", "500");
        try
        {
            await stand.UpAsync("--rate", "200");
        }
        finally
        {
            foreach (var name in new[] { "ENDPOINT", "PROTOCOL" }) Environment.SetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{name}", null);
            Environment.SetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL", null);
        }
        // Protobuf has a name as it stands.
        foreach (var name in new[] { "kafka.request.time.count", "clickhouse.query.time.count", "messaging.client.sent.messages" })
            await Eventually.Holds(() => sent.Any(one => one.Body.Contains(name, StringComparison.Ordinal)), $"{name} is sent");
        Assert.All(sent, one => Assert.Equal("/v1/metrics", one.Path));
    }

    /// <summary>A collector on a free port that notes what it gets.</summary>
    static async Task<WebApplication> CollectorAsync(ConcurrentQueue<(string Path, string Body)> sent)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            sent.Enqueue((context.Request.Path.Value!, await reader.ReadToEndAsync()));
        });
        await web.StartAsync();
        return web;
    }
}
