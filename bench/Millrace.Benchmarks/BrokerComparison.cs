using Millrace.Benchmarks.Kafka;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks;

/// <summary>The embedded broker against Apache Kafka: the same client, the same records, in turn, in one run.</summary>
static class BrokerComparison
{
    public const int Partitions = 3;
    public const int RecordBytes = 200;

    public static async Task<int> RunAsync(int records, int rounds)
    {
        var servers = new List<(string Name, Func<string, int, string[]> Command)>
        {
            ("millrace", (directory, port) => Millrace(Repository.Root, directory, port)),
        };
        if (File.Exists(Repository.ApacheKafka))
            servers.Add(("apache-kafka", (directory, port) =>
                [Repository.ApacheKafka, "start", "--dir", directory, "--port", $"{port}", "--controller-port", $"{ServerProcess.FreePort()}"]));
        else
            Console.Error.WriteLine("no ../shared/apache-kafka: the embedded broker is measured alone");

        Console.WriteLine("| round | broker | produce, records/s | fetch, records/s | CPU s | peak RSS, MB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var results = new Dictionary<string, List<(double Produce, double Fetch)>>();
        for (var round = 0; round <= rounds; round++)
            foreach (var (name, command) in servers)
            {
                using var server = await ServerProcess.StartAsync(command);
                var produce = await Load.ProduceAsync(server.Bootstrap, "bench", Partitions, records, RecordBytes);
                var fetch = Load.Fetch(server.Bootstrap, "bench", Partitions, records);
                var label = round == 0 ? "warm-up" : $"{round}";
                Console.WriteLine($"| {label} | {name} | {produce:N0} | {fetch:N0} | {server.CpuTime.TotalSeconds:N1} | {server.PeakBytes >> 20} |");
                if (round > 0) (results.TryGetValue(name, out var list) ? list : results[name] = []).Add((produce, fetch));
            }
        foreach (var (name, runs) in results)
            Console.WriteLine($"median {name}: produce {Median(runs, r => r.Produce):N0} records/s, fetch {Median(runs, r => r.Fetch):N0} records/s");
        if (results.Count == 2)
            Console.WriteLine($"ratio millrace / apache-kafka: produce {Ratio(results, r => r.Produce):N2}, fetch {Ratio(results, r => r.Fetch):N2}");
        return 0;
    }

    public static string[] Millrace(string checkout, string directory, int port) =>
        [Repository.LauncherOf(checkout), "run", "broker", "--data", directory, "--kafka-port", $"{port}"];

    static double Ratio(Dictionary<string, List<(double, double)>> results, Func<(double Produce, double Fetch), double> figure) =>
        Median(results["millrace"], figure) / Median(results["apache-kafka"], figure);

    static double Median(List<(double, double)> runs, Func<(double Produce, double Fetch), double> figure) =>
        Statistics.Median(runs.Select(figure));
}
