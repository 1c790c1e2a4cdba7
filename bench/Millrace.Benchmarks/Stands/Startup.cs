using System.Diagnostics;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>From typing <c>./millrace up</c>, with everything built, to a row in each of the three tables.</summary>
static class Startup
{
    public static async Task<int> RunAsync(int rounds)
    {
        Console.WriteLine("| round | stand | first row in each table after, s |");
        Console.WriteLine("|---|---|---|");
        var (fresh, again) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            await using var stand = new Stand(Repository.Root);
            var (first, second) = await MeasureAsync(stand);
            Console.WriteLine($"| {round} | new | {first:N2} |");
            Console.WriteLine($"| {round} | again | {second:N2} |");
            fresh.Add(first);
            again.Add(second);
        }
        Console.WriteLine($"median: new {Statistics.Median(fresh):N2} s, again {Statistics.Median(again):N2} s; slowest {fresh.Concat(again).Max():N2} s");
        return 0;
    }

    /// <summary>Seconds to the first rows: on an empty data directory, and after a stop.</summary>
    /// <param name="stand">One that was never up.</param>
    public static async Task<(double Fresh, double Again)> MeasureAsync(Stand stand)
    {
        var fresh = await FirstRowsAsync(stand, stand.HasRowsEverywhereAsync);
        var before = await stand.RowsAsync();
        await stand.DownAsync();
        return (fresh, await FirstRowsAsync(stand, async () => await stand.HasRowsEverywhereAsync() && await stand.RowsAsync() > before));
    }

    static async Task<double> FirstRowsAsync(Stand stand, Func<Task<bool>> hasRows)
    {
        var started = Stopwatch.GetTimestamp();
        var up = stand.UpAsync();
        while (!await hasRows()) await Task.Delay(10);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await up;
        return seconds;
    }
}
