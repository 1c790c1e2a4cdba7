using Millrace.Bench.Results;

namespace Millrace.Bench.Tests;

/// <summary>Results as a measurement leaves them.</summary>
static class Example
{
    public static BenchResults Results(params Measurement[] measurements) => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch.AddMinutes(1),
        IsComplete = true,
        Machine = new MachineFacts("Some CPU", 2, 8_000_000_000, "6.1.0", "Linux"),
        Versions = new VersionFacts("0.1.0", ".NET 10", "2.16.0", null),
        Settings = new BenchSettings(10, 30, 60, 1000, 1, new Dictionary<string, string> { ["acks"] = "all" }, ["orders"]),
        Measurements = measurements,
    };

    public static Measurement Latency(params double[] p99) => Latency("1000", p99);

    public static Measurement Latency(string rate, params double[] p99) => new(
        "latency", new Dictionary<string, string> { ["rate"] = rate },
        [
            .. p99.Select((value, i) => new RunResult(i + 1, DateTimeOffset.UnixEpoch, 40, new Dictionary<string, double>
            {
                [Metric.P99] = value,
                [Metric.Stored] = 30_000,
            })
            {
                Percentiles = [new PercentilePoint(50, 120, 15_000), new PercentilePoint(100, value, 30_000)],
                Latency = [new LatencySecond(0, 1000, 120, 300, 320), new LatencySecond(1, 1000, 121, 301, 330)],
                Processes = [new ProcessUse("broker", 4.2, 70_000_000, 140)],
                Timeline = [new TimelinePoint(1, 1000, null, 110, new Dictionary<string, double> { ["broker"] = 0.14 })],
            }),
        ]);
}
