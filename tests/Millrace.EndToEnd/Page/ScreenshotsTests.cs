using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Playwright;
using Millrace.Testing;
using static Microsoft.Playwright.Assertions;

namespace Millrace.EndToEnd.Page;

/// <summary>
/// The images of the README, of a stand with the streams that Millrace ships. <c>./dev screenshots</c> keeps them in docs/images, after
/// some minutes of events; any other run takes them as soon as there is something to see, to know that they can be taken.
/// </summary>
public sealed class ScreenshotsTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>In bytes; a README is read on slow lines too.</summary>
    const int Limit = 80_000;

    const int Width = 1300;

    const string Revenue = """
        SELECT toStartOfInterval(event_time, INTERVAL 10 SECOND) AS time, currency, sum(amount) AS revenue
        FROM orders_table
        WHERE event_time < toStartOfInterval(now(), INTERVAL 10 SECOND)
        GROUP BY time, currency
        ORDER BY time
        """;

    /// <summary>Where to keep them; null: nowhere.</summary>
    static readonly string? Folder = Environment.GetEnvironmentVariable("MILLRACE_SCREENSHOTS");

    /// <summary>Documents, one a second, between two broken records; as many turns as that.</summary>
    static readonly (int Points, int Turns) Wanted = Folder is null ? (4, 3) : (15, 12);

    [RequiresFact(Prerequisite.Chromium)]
    public async Task The_images_of_the_README_show_what_they_should_in_both_schemes_and_are_small()
    {
        await using var stand = new Stand();
        await stand.UpAsync();
        var link = new Uri((await stand.ServiceAsync("page")).GetProperty("endpoint").GetString()!);
        var windows = await Task.WhenAll(new[] { ColorScheme.Light, ColorScheme.Dark }.Select(scheme => browser.OpenAsync(
            link, new() { Locale = "en-GB", ColorScheme = scheme, ViewportSize = new() { Width = Width, Height = 1600 } })));
        await FillAsync(stand, link);
        foreach (var (window, scheme) in windows.Zip(["light", "dark"]))
        {
            await FlowAsync(window, scheme);
            await TimelineAsync(window, scheme);
            await DeadLettersAsync(window, link, scheme);
            await QueryAsync(window, link, scheme);
        }
    }

    /// <summary>Events, broken records among them, and a service that is killed and comes back.</summary>
    static async Task FillAsync(Stand stand, Uri link)
    {
        var kafka = (await stand.ServiceAsync("broker")).GetProperty("endpoint").GetString()!;
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka }).Build();
        using var client = new HttpClient { BaseAddress = link };
        var before = await PointsAsync(client);
        for (var turn = 1; turn <= Wanted.Turns; turn++)
        {
            var wanted = before + turn * Wanted.Points;
            await Eventually.Holds(async () => await PointsAsync(client) >= wanted, $"the past has {wanted} points");
            if (turn == 2) await stand.KillAsync("emitter");
            await producer.ProduceAsync("orders", new() { Value = Order(amount: "\"free\"") });
            if (turn % 3 == 0) await producer.ProduceAsync("orders", new() { Value = Order(quantity: "70000") });
            if (turn % 5 == 0) await producer.ProduceAsync("page_views", new() { Value = "GET /products/42 HTTP/1.1" });
        }
        await stand.RunningAsync("emitter");
    }

    static string Order(string amount = "19.90", string quantity = "1") =>
        $$"""{"event_id":"{{Guid.NewGuid()}}","event_time":"2026-11-27 12:00:00.000","user_id":42,"session_id":"{{Guid.NewGuid()}}",""" +
        $$""" "product_id":7,"quantity":{{quantity}},"amount":{{amount}},"currency":"EUR","country":"DE","ip":"192.0.2.17"}""";

    static async Task<int> PointsAsync(HttpClient client)
    {
        using var past = JsonDocument.Parse(await client.GetStringAsync("/api/past?minutes=60"));
        return past.RootElement.GetProperty("times").GetArrayLength();
    }

    static async Task FlowAsync(IPage window, string scheme)
    {
        var flow = window.GetByRole(AriaRole.Region, new() { Name = "Flow" });
        await Expect(flow.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^▲ [0-9]+ .*Decimal") })).ToBeVisibleAsync();
        await Expect(flow.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^Lag of the last minute") })).ToHaveCountAsync(3);
        await Expect(window.GetByRole(AriaRole.List, new() { Name = "Services" }).GetByText("running")).ToHaveCountAsync(4);
        await Expect(window.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        await ShootAsync(window, "Flow", flow, "flow", scheme, withHeader: true);
    }

    static async Task TimelineAsync(IPage window, string scheme)
    {
        var timeline = window.GetByRole(AriaRole.Region, new() { Name = "Timeline" });
        await Expect(timeline.Locator("canvas")).ToHaveCountAsync(7);
        await Expect(timeline.GetByText("emitter died: killed (SIGKILL)").First).ToBeVisibleAsync();
        await ShootAsync(window, "Flow", timeline, "timeline", scheme, withHeader: false);
    }

    static async Task DeadLettersAsync(IPage window, Uri link, string scheme)
    {
        await window.GotoAsync(new Uri(link, "/dead-letters?stream=orders").ToString());
        var samples = window.GetByRole(AriaRole.Region, new() { Name = "Samples" });
        await Expect(samples.GetByTitle("This is what is wrong").First).ToBeVisibleAsync();
        await ShootAsync(window, "Dead letters", samples.Locator("article").First, "dead-letters", scheme, withHeader: true);
    }

    static async Task QueryAsync(IPage window, Uri link, string scheme)
    {
        await window.GotoAsync(new Uri(link, $"/query?as=line&sql={Uri.EscapeDataString(Revenue)}").ToString());
        var result = window.GetByRole(AriaRole.Region, new() { Name = "Result" });
        await Eventually.Holds(
            async () =>
            {
                await window.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
                await Expect(window.GetByText(new Regex("rows in .* s"))).ToBeVisibleAsync();
                return await result.Locator("canvas").CountAsync() == 1;
            },
            "there are orders to draw");
        foreach (var currency in new[] { "EUR", "USD", "GBP" }) await Expect(result.GetByText(currency)).ToBeVisibleAsync();
        await ShootAsync(window, "Query", result, "query", scheme, withHeader: true);
    }

    /// <param name="view">Title of the view that should be open.</param>
    /// <param name="last">What the image ends with.</param>
    static async Task ShootAsync(IPage window, string view, ILocator last, string name, string scheme, bool withHeader)
    {
        const int margin = 12;
        await Expect(window.Locator("nav a[aria-current]")).ToHaveTextAsync(view);
        Assert.Equal(Width, await window.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var cut = await window.EvaluateAsync<int>(
            "[...document.querySelectorAll('figure')].filter(box => box.scrollWidth > box.clientWidth).length");
        Assert.True(cut == 0, $"{cut} plots are wider than their place");
        var box = (await last.BoundingBoxAsync())!;
        var top = withHeader ? 0 : box.Y - margin;
        var image = PaletteImage.Of(await window.ScreenshotAsync(new()
        {
            Clip = new() { X = 0, Y = top, Width = Width, Height = box.Y + box.Height + margin - top },
            FullPage = true,
        }));
        Assert.InRange(image.Bytes.Length, 5_000, Limit);
        Assert.Equal(scheme, (image.Commonest & 255) > 128 ? "light" : "dark");
        if (Folder is null) return;
        await File.WriteAllBytesAsync(Path.Combine(Repository.Root, Folder, $"{name}-{scheme}.png"), image.Bytes);
    }
}
