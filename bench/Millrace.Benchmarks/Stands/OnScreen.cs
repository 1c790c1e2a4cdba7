using System.Globalization;
using Confluent.Kafka;
using Microsoft.Playwright;
using Millrace.Benchmarks.Processes;
using Millrace.EndToEnd.Page;

namespace Millrace.Benchmarks.Stands;

/// <summary>
/// The page as a browser has it: milliseconds until something is painted, how large the files are that it loads, and how long after a
/// record was sent the new numbers of its topic and of its table are on the screen.
/// </summary>
static class OnScreen
{
    const int Loads = 10;

    /// <summary>As many records for nothing, before they count: the first one waits for the group's first rebalance.</summary>
    const int WarmUp = 3;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The emitter makes none of its records.</summary>
    const string Ticks = """
        stream: ticks
        topic: ticks
        partitions: 1
        key: id
        table: ticks_table
        order_by: [id]
        weight: 0
        columns:
          - { name: id, type: UInt64 }
        """;

    /// <summary>
    /// Notes in window.seen, for each text such as <c>7 records</c>, in milliseconds since 1970, the first frame that shows it: the second
    /// callback comes after the frame that the first one belongs to.
    /// </summary>
    const string Watch = """
        () => {
          window.seen = {};
          const note = text => requestAnimationFrame(() => requestAnimationFrame(() => { window.seen[text] ??= Date.now(); }));
          const look = () => {
            for (const node of document.querySelectorAll('.flow .node')) {
              const [name, text] = [...node.children].map(one => one.textContent);
              if (/^ticks/.test(name) && !(text in window.seen)) note(text);
            }
          };
          new MutationObserver(look).observe(document.querySelector('.flow'), { subtree: true, childList: true, characterData: true });
          look();
        }
        """;

    public static async Task<int> RunAsync(int changes, int rate)
    {
        var streams = Directory.CreateTempSubdirectory("millrace-bench-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(streams.FullName, "ticks.yaml"), Ticks);
            if (rate > 0)
                foreach (var shipped in Directory.EnumerateFiles(Path.Combine(Repository.Root, "streams"), "*.yaml"))
                    File.Copy(shipped, Path.Combine(streams.FullName, Path.GetFileName(shipped)));
            await using var stand = new Stand(Repository.Root);
            await stand.UpAsync("--page-port", "0", "--stand", "bench", "--streams", streams.FullName, "--rate", $"{Math.Max(1, rate)}");
            await using var chromium = await Chromium.StartAsync();
            var address = (await stand.PageAsync()).ToString();
            await LoadAsync(chromium.Browser, address);
            await ChangeAsync(stand, await chromium.Browser.NewPageAsync(), address, changes);
            return 0;
        }
        finally
        {
            streams.Delete(recursive: true);
        }
    }

    static async Task LoadAsync(IBrowser browser, string address)
    {
        List<double> cold = [], warm = [];
        for (var i = 0; i < Loads; i++)
        {
            await using var context = await browser.NewContextAsync(); // its cache is empty
            var page = await context.NewPageAsync();
            cold.Add(await FirstPaintAsync(page, address));
            if (i == 0) await TellSizeAsync(page);
            warm.Add(await FirstPaintAsync(page, address));
        }
        Tell("first contentful paint, nothing cached", cold);
        Tell("first contentful paint, files cached", warm);
    }

    static async Task<double> FirstPaintAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        return await UntilAsync(page, "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null");
    }

    static async Task TellSizeAsync(IPage page)
    {
        var files = await page.EvaluateAsync<double[]>("""
            [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
              .filter(file => !/^\/(api\/|feed)/.test(new URL(file.name).pathname)).map(file => file.encodedBodySize)
            """);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{files.Length} files, {files.Sum() / 1000:N1} kB as they were sent"));
    }

    static async Task ChangeAsync(Stand stand, IPage page, string address, int changes)
    {
        await page.GotoAsync(address);
        await page.Locator(".flow .node").First.WaitForAsync();
        await page.EvaluateAsync(Watch);
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = $"127.0.0.1:{stand.KafkaPort}", LingerMs = 0 }).Build();
        List<double> records = [], rows = [];
        for (var i = 1; i <= WarmUp + changes; i++)
        {
            var sent = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await producer.ProduceAsync("ticks", new() { Value = $$"""{"id": {{i}}}""" });
            var (record, row) = (await SeenAsync(page, $"{i:N0} records") - sent, await SeenAsync(page, $"{i:N0} rows") - sent);
            // Another moment of the second between two looks each time.
            await Task.Delay(Random.Shared.Next(1000));
            if (i <= WarmUp) continue;
            records.Add(record);
            rows.Add(row);
        }
        Tell("from a record sent to the topic's number on the screen", records);
        Tell("from a record sent to the table's number on the screen", rows);
    }

    static Task<double> SeenAsync(IPage page, string text) => UntilAsync(page, $"window.seen['{text}'] ?? null");

    /// <summary>The number that an expression gives once it is not null.</summary>
    static async Task<double> UntilAsync(IPage page, string expression)
    {
        for (; ; await Task.Delay(Pause))
            if (await page.EvaluateAsync<double?>(expression) is { } number) return number;
    }

    static void Tell(string what, List<double> figures)
    {
        var (p50, p99) = (Statistics.Percentile(figures, 50), Statistics.Percentile(figures, 99));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}, ms, {figures.Count} times: p50 {p50:N0}, p99 {p99:N0}, most {figures.Max():N0}"));
    }
}
