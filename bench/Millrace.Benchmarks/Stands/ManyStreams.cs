using System.Diagnostics;
using System.Globalization;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>
/// How long commands take on a stand of many small streams, on which ClickHouse is busy with flushes: those of this checkout beside those
/// of another, in turn, on one stand.
/// </summary>
static class ManyStreams
{
    const int Partitions = 6;
    const int Rate = 1000;

    static readonly string[] Commands = ["audit", "groups", "topics"];

    static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    /// <param name="other">Folder of the other checkout; null: this one alone.</param>
    public static async Task<int> RunAsync(string? other, int streams, int rounds)
    {
        var checkouts = new[] { (Name: "this", Folder: Repository.Root) }.ToList();
        if (other is not null) checkouts.Add((Name: "other", Folder: Path.GetFullPath(other)));
        var definitions = Directory.CreateTempSubdirectory("millrace-bench-streams-");
        try
        {
            for (var i = 1; i <= streams; i++)
                await File.WriteAllTextAsync(Path.Combine(definitions.FullName, $"s{i}.yaml"), Definition($"s{i}"));
            await using var stand = new Stand(Repository.Root);
            foreach (var (_, folder) in checkouts) await stand.MillraceOfAsync(folder, "version"); // builds it
            var started = Stopwatch.GetTimestamp();
            await stand.UpAsync("--rate", $"{Rate}", "--page-port", "0", "--streams", definitions.FullName);
            Console.WriteLine(Text($"up after {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s"));
            await Task.Delay(Settle);
            await CompareAsync(stand, checkouts, definitions.FullName, rounds);
        }
        finally
        {
            definitions.Delete(recursive: true);
        }
        return 0;
    }

    static async Task CompareAsync(Stand stand, List<(string Name, string Folder)> checkouts, string definitions, int rounds)
    {
        var results = checkouts.ToDictionary(
            checkout => checkout.Name, _ => Commands.ToDictionary(command => command, _ => new List<double>()));
        Console.WriteLine($"| round | checkout | {string.Join(" | ", Commands.Select(command => $"{command}, s"))} |");
        Console.WriteLine($"|---|---|{string.Concat(Commands.Select(_ => "---|"))}");
        for (var round = 1; round <= rounds; round++)
            foreach (var (name, folder) in checkouts)
            {
                foreach (var command in Commands)
                {
                    var started = Stopwatch.GetTimestamp();
                    await stand.MillraceOfAsync(folder, command, "--streams", definitions);
                    results[name][command].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                }
                Console.WriteLine($"| {round} | {name} | {Row(Commands.Select(command => results[name][command][^1]))} |");
            }
        foreach (var (name, list) in results)
            Console.WriteLine($"| median | {name} | {Row(Commands.Select(command => Statistics.Median(list[command])))} |");
        if (!results.TryGetValue("other", out var others)) return;
        var ratios = Commands.Select(command => Statistics.Median(results["this"][command]) / Statistics.Median(others[command]));
        Console.WriteLine($"| ratio | this / other | {Row(ratios)} |");
    }

    static string Row(IEnumerable<double> figures) => string.Join(" | ", figures.Select(figure => Text($"{figure:N2}")));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static string Definition(string name) =>
        $$"""
        stream: {{name}}
        topic: {{name}}
        partitions: {{Partitions}}
        key: user_id
        table: {{name}}_table
        order_by: [user_id, event_time]
        weight: 1
        columns:
          - { name: event_id, type: UUID, generate: uuid }
          - { name: event_time, type: DateTime64(3), generate: now }
          - { name: user_id, type: UInt64, generate: session.user_id }
          - { name: amount, type: "Decimal(18, 2)", generate: order.amount }
          - { name: country, type: LowCardinality(String), generate: session.country }

        """;
}
