using System.Globalization;
using Millrace.Bench.Results;

namespace Millrace.Bench.Reports;

/// <summary>A table of a report; Markdown and HTML show the same ones. Immutable.</summary>
/// <param name="Rows">A cell for each column.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>For each scenario its numbers, then what its services used.</summary>
    internal static IReadOnlyList<ReportTable> Of(BenchResults results) =>
    [
        .. results.Measurements.GroupBy(measurement => measurement.Scenario)
            .SelectMany(scenario => new[] { Numbers(scenario.Key, [.. scenario]), Services(scenario.Key, [.. scenario]) }),
    ];

    /// <summary>"1,234", "12.3", "0.25": three digits at least, none of a whole number lost.</summary>
    public static string Number(double number) => number.ToString(
        Math.Abs(number) >= 100 || number % 1 == 0 ? "N0" : Math.Abs(number) >= 10 ? "N1" : "N2", CultureInfo.InvariantCulture);

    static ReportTable Numbers(string scenario, IReadOnlyList<Measurement> measurements)
    {
        var parameters = Parameters(measurements);
        var metrics = Metric.All.Where(metric => measurements.Any(one => one.Summary.ContainsKey(metric.Name))).ToList();
        return new ReportTable(
            scenario,
            [.. parameters, "runs", .. metrics.Select(metric => metric.Unit.Length > 0 ? $"{metric.Title}, {metric.Unit}" : metric.Title)],
            [
                .. measurements.Select(one => (IReadOnlyList<string>)
                [
                    .. parameters.Select(name => one.Parameters.GetValueOrDefault(name, "")),
                    Number(one.Runs.Count),
                    .. metrics.Select(metric => one.Summary.TryGetValue(metric.Name, out var summary) ? Spread(summary) : ""),
                ]),
            ]);
    }

    /// <summary>Medians over the runs.</summary>
    static ReportTable Services(string scenario, IReadOnlyList<Measurement> measurements)
    {
        var parameters = Parameters(measurements);
        var services = measurements.SelectMany(one => one.Runs.SelectMany(run => run.Processes).GroupBy(process => process.Name)
            .Select(service => (Measurement: one, Service: service)));
        var rows = services.Select(pair => RowOf(pair.Measurement, pair.Service));
        return new ReportTable(
            $"{scenario}: services", [.. parameters, "service", "CPU, s", "CPU an event, us", "peak memory, MB"], [.. rows]);

        IReadOnlyList<string> RowOf(Measurement one, IGrouping<string, ProcessUse> service) =>
            [
                .. parameters.Select(name => one.Parameters.GetValueOrDefault(name, "")),
                service.Key,
                Median(service.Select(process => process.CpuSeconds)),
                Median(service.Select(process => process.CpuUsPerEvent).OfType<double>()),
                Median(service.Select(process => process.PeakRssBytes / 1e6)),
            ];
    }

    static List<string> Parameters(IReadOnlyList<Measurement> measurements) =>
        [.. measurements.SelectMany(measurement => measurement.Parameters.Keys).Distinct()];

    static string Median(IEnumerable<double> values) => values.ToList() is { Count: > 0 } known ? Number(Summary.Of(known).Median) : "";

    static string Spread(Summary summary) =>
        summary.Min == summary.Max ? Number(summary.Median) : $"{Number(summary.Median)} ({Number(summary.Min)} to {Number(summary.Max)})";
}
