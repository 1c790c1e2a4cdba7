using System.Diagnostics;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>A backlog in the topics, emptied into the tables by an engine that has both cores to itself and the broker.</summary>
static class Drain
{
    /// <summary>What the stand itself emits, at once: its emitter has an end, and then leaves the machine to the drain.</summary>
    const int FirstEvents = 3;

    public static async Task<int> RunAsync(int events)
    {
        await using var stand = new Stand(Repository.Root);
        Console.WriteLine($"making a backlog of {events:N0} events ...");
        Console.WriteLine("| after s | rows |");
        Console.WriteLine("|---|---|");
        var figures = await MeasureAsync(stand, events, (elapsed, rows) => Console.WriteLine($"| {elapsed.TotalSeconds:N1} | {rows:N0} |"));
        Console.WriteLine($"{events + FirstEvents:N0} rows, {figures.RowsPerSecond:N0} rows/s from attaching the queue tables to the last row; " +
            $"ClickHouse's CPU {figures.CpuPerRow:N2} us a row");
        var memory = await stand.MemoryAsync();
        Console.WriteLine($"memory at the end, MB: {string.Join(", ", memory.Select(m => $"{m.Name} {m.Bytes >> 20}"))}");
        return 0;
    }

    /// <param name="stand">One that is not up yet.</param>
    /// <param name="onProgress">Is told twice a second how many rows the tables hold.</param>
    public static async Task<(double RowsPerSecond, double CpuPerRow)> MeasureAsync(Stand stand, int events, Action<TimeSpan, long> onProgress)
    {
        await stand.UpAsync("--rate", "1", "--events", $"{FirstEvents}");
        var queues = (await stand.QueryAsync("SELECT name FROM system.tables WHERE engine = 'Kafka'")).Split('\n');
        foreach (var queue in queues) await stand.QueryAsync($"DETACH TABLE {queue} SYNC");
        await FillAsync(stand, events);
        await stand.UntilGroupIsEmptyAsync();
        var wanted = events + FirstEvents;
        var already = await stand.RowsAsync();
        var cpuBefore = await stand.CpuTimeAsync("clickhouse");
        var started = Stopwatch.GetTimestamp();
        foreach (var queue in queues) await stand.QueryAsync($"ATTACH TABLE {queue}");
        for (var rows = already; rows < wanted;)
        {
            await Task.Delay(500);
            rows = await stand.RowsAsync();
            onProgress(Stopwatch.GetElapsedTime(started), rows);
        }
        var rate = (wanted - already) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (rate, (await stand.CpuTimeAsync("clickhouse") - cpuBefore).TotalMicroseconds / (wanted - already));
    }

    static async Task FillAsync(Stand stand, int events)
    {
        using var emitter = stand.Start("--kafka", $"127.0.0.1:{stand.KafkaPort}", "run", "emitter", "--rate", "0", "--events", $"{events}");
        _ = emitter.StandardError.ReadToEndAsync();
        _ = emitter.StandardOutput.ReadToEndAsync();
        await emitter.WaitForExitAsync();
    }
}
