using System.Diagnostics;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>From typing <c>./millrace up</c>, with everything built, to a row in each of the three tables.</summary>
static class Startup
{
    /// <summary>A start takes two seconds, and one alone says little.</summary>
    const int StartsAgain = 5;

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

    /// <summary>
    /// Seconds to the first row of a new event in each table: on an empty data directory, and after a stop, the median of several.
    /// </summary>
    /// <param name="stand">One that was never up.</param>
    public static async Task<(double Fresh, double Again)> MeasureAsync(Stand stand)
    {
        var fresh = await FirstNewRowsAsync(stand);
        var again = new List<double>();
        for (var i = 0; i < StartsAgain; i++)
        {
            await stand.DownAsync();
            again.Add(await FirstNewRowsAsync(stand));
        }
        return (fresh, Statistics.Median(again));
    }

    /// <remarks>
    /// Only events of the new emitter count. A record that the stop left unread is in its table a second earlier, and whether there is
    /// one is chance.
    /// </remarks>
    static async Task<double> FirstNewRowsAsync(Stand stand)
    {
        var now = TimeProvider.System.GetUtcNow();
        var started = Stopwatch.GetTimestamp();
        var up = stand.UpAsync();
        while (!await stand.HasRowsEverywhereAsync(since: now)) await Task.Delay(10);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await up;
        return seconds;
    }
}
