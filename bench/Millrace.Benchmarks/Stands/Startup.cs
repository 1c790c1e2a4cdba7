using System.Diagnostics;

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
            await using var stand = new Stand();
            fresh.Add(await FirstRowsAsync(stand, round, "new"));
            var before = await stand.RowsAsync();
            await stand.DownAsync();
            var started = Stopwatch.GetTimestamp();
            var up = stand.UpAsync();
            await PollAsync(async () => await stand.HasRowsEverywhereAsync() && await stand.RowsAsync() > before);
            again.Add(Report(round, "again", started));
            await up;
        }
        Console.WriteLine($"median: new {Statistics.Median(fresh):N2} s, again {Statistics.Median(again):N2} s; slowest {fresh.Concat(again).Max():N2} s");
        return 0;
    }

    static async Task<double> FirstRowsAsync(Stand stand, int round, string what)
    {
        var started = Stopwatch.GetTimestamp();
        var up = stand.UpAsync();
        await PollAsync(stand.HasRowsEverywhereAsync);
        var seconds = Report(round, what, started);
        await up;
        return seconds;
    }

    static double Report(int round, string what, long started)
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"| {round} | {what} | {seconds:N2} |");
        return seconds;
    }

    static async Task PollAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(10);
    }
}
