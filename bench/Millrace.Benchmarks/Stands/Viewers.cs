using System.Globalization;
using System.Text.Json;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>
/// Many who look at the page of one stand at its default rate, beside nobody, in turn: what each process takes of the processors, and how
/// old a status document is when a viewer has it. A change at the servers waits up to a second for the look that finds it, besides.
/// </summary>
static class Viewers
{
    const int Rate = 1000;

    static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(int viewers, int rounds)
    {
        await using var stand = new Stand(Repository.Root);
        await stand.UpAsync("--rate", $"{Rate}", "--page-port", "0");
        var page = await stand.PageAsync();
        await Task.Delay(Settle);
        List<double> late = [];
        List<string> names = [.. (await stand.CpuTimesAsync()).Keys];
        Console.WriteLine($"| viewers | {string.Join(" | ", names.Select(name => $"{name}, % of a core"))} | page, MB |");
        Console.WriteLine($"|---|{string.Concat(names.Select(_ => "---|"))}---|");
        for (var round = 0; round < rounds; round++)
        {
            await TellAsync(stand, names, "none");
            using var gone = new CancellationTokenSource();
            var looking = Enumerable.Range(0, viewers).Select(_ => LookAsync(page, late, gone.Token)).ToList();
            await Task.Delay(TimeSpan.FromSeconds(3)); // each gets the past first
            await TellAsync(stand, names, $"{viewers}");
            await gone.CancelAsync();
            await Task.WhenAll(looking);
        }
        var (p50, p99) = (Statistics.Percentile(late, 50), Statistics.Percentile(late, 99));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{late.Count} documents seen: p50 {p50:N0} ms old, p99 {p99:N0} ms, oldest {late.Max():N0} ms"));
        return 0;
    }

    static async Task TellAsync(Stand stand, List<string> names, string viewers)
    {
        var before = await stand.CpuTimesAsync();
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(Turn);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var after = await stand.CpuTimesAsync();
        var shares = names.Select(name => ((after[name] - before[name]) / elapsed * 100).ToString("N2", CultureInfo.InvariantCulture));
        var memory = (await stand.MemoryAsync()).Single(service => service.Name == "page").Bytes >> 20;
        Console.WriteLine($"| {viewers} | {string.Join(" | ", shares)} | {memory} |");
    }

    /// <summary>Reads the feed as a browser does, until it is told to go; notes how old each new document was, in milliseconds.</summary>
    static async Task LookAsync(Uri page, List<double> late, CancellationToken gone)
    {
        using var http = new HttpClient();
        var since = TimeProvider.System.GetUtcNow();
        try
        {
            await using var feed = await http.GetStreamAsync(new Uri(page, "feed"), gone);
            using var lines = new StreamReader(feed);
            while (await lines.ReadLineAsync(gone) is { } line)
            {
                if (!line.StartsWith("data: {", StringComparison.Ordinal)) continue;
                var now = TimeProvider.System.GetUtcNow();
                using var document = JsonDocument.Parse(line["data: ".Length..]);
                if (!document.RootElement.TryGetProperty("time", out var time) || time.GetDateTimeOffset() < since) continue;
                lock (late) late.Add((now - time.GetDateTimeOffset()).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException)
        {
            // It has seen enough.
        }
    }
}
