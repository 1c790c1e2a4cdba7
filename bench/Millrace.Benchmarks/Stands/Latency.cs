using System.Diagnostics;
using System.Globalization;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>The stand at its default rate: from the event's own timestamp to its row, lag over time, and memory.</summary>
static class Latency
{
    /// <summary>Start-up fills a small backlog; its rows are left out of the quantiles.</summary>
    const int SettleSeconds = 10;

    public static async Task<int> RunAsync(int seconds, int rate)
    {
        await using var stand = new Stand(Repository.Root);
        var from = await SettledAsync(stand, rate);
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

    /// <summary>The 99th percentile over the three tables together in milliseconds, and the memory of all services in MB.</summary>
    /// <param name="stand">One that is not up yet.</param>
    public static async Task<(double P99, double Memory)> MeasureAsync(Stand stand, int seconds, int rate)
    {
        var from = await SettledAsync(stand, rate);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var rows = string.Join(" UNION ALL ", Stand.Tables.Select(t => $"SELECT event_time, inserted_at FROM {t}"));
        var p99 = await stand.QueryAsync(
            $"SELECT quantileExact(0.99)(dateDiff('millisecond', event_time, inserted_at)) FROM ({rows}) WHERE event_time > '{from}'");
        return (double.Parse(p99, CultureInfo.InvariantCulture), (await stand.MemoryAsync()).Sum(m => m.Bytes) / 1e6);
    }

    /// <returns>The moment from which events count.</returns>
    static async Task<string> SettledAsync(Stand stand, int rate)
    {
        await stand.UpAsync("--rate", $"{rate}");
        await Task.Delay(TimeSpan.FromSeconds(SettleSeconds));
        return await stand.QueryAsync("SELECT now64(3)");
    }
}
