using System.Diagnostics;
using Millrace.Benchmarks.Kafka;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>This checkout beside another one, an earlier release say: the same measurements in turn, in one run, as ratios.</summary>
static class StandComparison
{
    const int DrainEvents = 2_000_000;
    const int LatencySeconds = 30;
    const int LatencyRate = 1000;
    const int BrokerRecords = 3_000_000;

    /// <summary>Short ones are repeated: a start differs by half from one to the next.</summary>
    static readonly Measurement[] Measurements =
    [
        new("drain", 1, ["drain, rows/s", "ClickHouse's CPU in it, us/row"], async checkout =>
        {
            var drain = await OnNewStandAsync(checkout, stand => Drain.MeasureAsync(stand, DrainEvents, (_, _) => { }));
            return [drain.RowsPerSecond, drain.CpuPerRow];
        }),
        new("latency", 1, ["p99 at 1,000/s, ms", "memory, MB"], async checkout =>
        {
            var latency = await OnNewStandAsync(checkout, stand => Latency.MeasureAsync(stand, LatencySeconds, LatencyRate));
            return [latency.P99, latency.Memory];
        }),
        new("startup", 5, ["start on nothing, s", "start again, s"], async checkout =>
        {
            var startup = await OnNewStandAsync(checkout, Startup.MeasureAsync);
            return [startup.Fresh, startup.Again];
        }),
        new("broker", 3, ["produce, records/s", "fetch, records/s", "broker's peak RSS, MB"], async checkout =>
        {
            using var broker = await ServerProcess.StartAsync((directory, port) => BrokerComparison.Millrace(checkout, directory, port));
            var produce = await Load.ProduceAsync(broker.Bootstrap, "bench", BrokerComparison.Partitions, BrokerRecords, BrokerComparison.RecordBytes);
            var fetch = Load.Fetch(broker.Bootstrap, "bench", BrokerComparison.Partitions, BrokerRecords);
            return [produce, fetch, broker.PeakBytes / 1e6];
        }),
    ];

    /// <param name="other">Folder of the other checkout; its launcher builds it.</param>
    /// <param name="only">Names of measurements; empty for all.</param>
    public static async Task<int> RunAsync(string other, int rounds, IReadOnlyList<string> only)
    {
        var checkouts = new[] { (Name: "this", Folder: Repository.Root), (Name: "other", Folder: Path.GetFullPath(other)) };
        foreach (var (_, folder) in checkouts) await BuildAsync(folder);
        foreach (var measurement in Measurements.Where(one => only.Count == 0 || only.Contains(one.Name)))
        {
            var results = checkouts.ToDictionary(c => c.Name, _ => new List<double[]>());
            Console.WriteLine($"| round | checkout | {string.Join(" | ", measurement.Figures)} |");
            Console.WriteLine($"|---|---|{string.Concat(measurement.Figures.Select(_ => "---|"))}");
            for (var round = 1; round <= rounds * measurement.Repeats; round++)
                // Who comes first changes: the second finds the machine warm.
                foreach (var (name, folder) in round % 2 == 1 ? checkouts : checkouts.Reverse())
                {
                    var figures = await measurement.TakeAsync(folder);
                    results[name].Add(figures);
                    Console.WriteLine($"| {round} | {name} | {string.Join(" | ", figures.Select(Text))} |");
                }
            foreach (var (name, list) in results) Console.WriteLine($"| median | {name} | {string.Join(" | ", Medians(list).Select(Text))} |");
            var ratios = Medians(results["this"]).Zip(Medians(results["other"]), (mine, others) => $"{mine / others:N3}");
            Console.WriteLine($"| ratio | this / other | {string.Join(" | ", ratios)} |");
            Console.WriteLine();
        }
        return 0;
    }

    static async Task<T> OnNewStandAsync<T>(string checkout, Func<Stand, Task<T>> measure)
    {
        await using var stand = new Stand(checkout);
        return await measure(stand);
    }

    static async Task BuildAsync(string checkout)
    {
        using var launcher = Process.Start(Repository.LauncherOf(checkout), "version");
        await launcher.WaitForExitAsync();
        if (launcher.ExitCode != 0) throw new InvalidOperationException($"{checkout} is no checkout that builds");
    }

    static IEnumerable<double> Medians(List<double[]> rounds) =>
        rounds[0].Select((_, i) => Statistics.Median(rounds.Select(figures => figures[i])));

    static string Text(double figure) => figure >= 100 ? $"{figure:N0}" : $"{figure:N2}";

    /// <param name="Repeats">How often it is taken in a round.</param>
    /// <param name="TakeAsync">Takes it of a checkout, a value for each figure.</param>
    sealed record Measurement(string Name, int Repeats, string[] Figures, Func<string, Task<double[]>> TakeAsync);
}
