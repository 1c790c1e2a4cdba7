using System.Diagnostics;

namespace Millrace.Benchmarks.Stands;

/// <summary>A backlog in the topics, emptied into the tables by an engine that has both cores to itself and the broker.</summary>
static class Drain
{
    /// <summary>What the stand itself emits, at once: its emitter has an end, and then leaves the machine to the drain.</summary>
    const int FirstEvents = 3;

    public static async Task<int> RunAsync(int events)
    {
        await using var stand = new Stand();
        Console.WriteLine($"making a backlog of {events:N0} events ...");
        await stand.UpAsync("--rate", "1", "--events", $"{FirstEvents}");
        var queues = (await stand.QueryAsync("SELECT name FROM system.tables WHERE engine = 'Kafka'")).Split('\n');
        foreach (var queue in queues) await stand.QueryAsync($"DETACH TABLE {queue} SYNC");
        using (var emitter = stand.Start("--kafka", $"127.0.0.1:{stand.KafkaPort}", "run", "emitter", "--rate", "0", "--events", $"{events}"))
        {
            _ = emitter.StandardError.ReadToEndAsync();
            _ = emitter.StandardOutput.ReadToEndAsync();
            await emitter.WaitForExitAsync();
        }
        var wanted = events + FirstEvents;
        var already = await stand.RowsAsync();
        var cpuBefore = await stand.CpuTimeAsync("clickhouse");
        var started = Stopwatch.GetTimestamp();
        foreach (var queue in queues) await stand.QueryAsync($"ATTACH TABLE {queue}");
        Console.WriteLine("| after s | rows |");
        Console.WriteLine("|---|---|");
        for (var rows = already; rows < wanted;)
        {
            await Task.Delay(500);
            rows = await stand.RowsAsync();
            Console.WriteLine($"| {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} | {rows:N0} |");
        }
        var rate = (wanted - already) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cpu = (await stand.CpuTimeAsync("clickhouse") - cpuBefore).TotalMicroseconds / (wanted - already);
        Console.WriteLine($"{wanted:N0} rows, {rate:N0} rows/s from attaching the queue tables to the last row; ClickHouse's CPU {cpu:N2} us a row");
        var memory = await stand.MemoryAsync();
        Console.WriteLine($"memory at the end, MB: {string.Join(", ", memory.Select(m => $"{m.Name} {m.Bytes >> 20}"))}");
        return 0;
    }
}
