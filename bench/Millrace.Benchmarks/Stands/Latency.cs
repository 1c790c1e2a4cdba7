using System.Diagnostics;

namespace Millrace.Benchmarks.Stands;

/// <summary>The stand at its default rate: from the event's own timestamp to its row, lag over time, and memory.</summary>
static class Latency
{
    /// <summary>Start-up fills a small backlog; its rows are left out of the quantiles.</summary>
    const int SettleSeconds = 10;

    public static async Task<int> RunAsync(int seconds, int rate)
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", $"{rate}");
        await Task.Delay(TimeSpan.FromSeconds(SettleSeconds));
        var from = await stand.QueryAsync("SELECT now64(3)");
        Console.WriteLine("| after s | records | lag |");
        Console.WriteLine("|---|---|---|");
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalSeconds < seconds;)
        {
            await Task.Delay(TimeSpan.FromSeconds(10));
            var (lag, records) = await stand.LagAsync();
            Console.WriteLine($"| {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} | {records:N0} | {lag:N0} |");
        }
        foreach (var table in Stand.Tables)
            Console.WriteLine($"{table}: rows, p50, p95, p99, max in ms: " + (await stand.QueryAsync(
                $"""
                SELECT count(), arrayMap(x -> round(x), quantilesExact(0.5, 0.95, 0.99, 1)(dateDiff('millisecond', event_time, inserted_at)))
                FROM {table} WHERE event_time > '{from}'
                """)).Replace('\t', ' '));
        var memory = await stand.MemoryAsync();
        Console.WriteLine($"memory, MB: {string.Join(", ", memory.Select(m => $"{m.Name} {m.Bytes >> 20}"))}, together {memory.Sum(m => m.Bytes) >> 20}");
        return 0;
    }
}
