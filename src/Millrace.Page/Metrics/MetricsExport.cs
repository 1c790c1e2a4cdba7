using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Millrace.Page.Metrics;

/// <summary>
/// OpenTelemetry's exporters of <see cref="StandMetrics"/>: Prometheus text on <c>/metrics</c>, and OTLP where the standard variables ask
/// for it (https://opentelemetry.io/docs/specs/otel/protocol/exporter).
/// </summary>
static class MetricsExport
{
    const string Path = "/metrics";

    /// <summary>
    /// For what is sent when the page ends. OpenTelemetry would wait 5 s for a collector that does not answer, of the 10 that a page has.
    /// </summary>
    static readonly TimeSpan LastSendLimit = TimeSpan.FromSeconds(1);

    const string Prefix = "OTEL_";

    /// <summary>Somebody collects what is sent there.</summary>
    public static bool IsPushed => IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");

    public static void Add(WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(Variables());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("millrace").AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(StandMetrics.MeterName).AddPrometheusExporter();
                if (IsPushed) metrics.AddOtlpExporter();
            });
    }

    public static void Map(WebApplication web, StandMetrics metrics) =>
        web.UseOpenTelemetryPrometheusScrapingEndpoint(meterProvider: null, predicate: null, path: Path, optionsName: null,
            configureBranchedPipeline: branch => branch.Use(async (context, next) =>
            {
                await metrics.RefreshAsync(context.RequestAborted).ConfigureAwait(false);
                await next(context).ConfigureAwait(false);
            }));

    /// <summary>Sends the last figures, where somebody collects what is sent.</summary>
    public static void End(WebApplication web) =>
        web.Services.GetRequiredService<MeterProvider>().Shutdown((int)LastSendLimit.TotalMilliseconds);

    static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };

    /// <summary>The exporters look for them in the configuration, which an empty builder leaves empty.</summary>
    static IEnumerable<KeyValuePair<string, string?>> Variables() => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)));
}
