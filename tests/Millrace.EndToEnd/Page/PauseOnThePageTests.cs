using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Millrace.Page.Tests;
using Millrace.Testing;
using static Microsoft.Playwright.Assertions;

namespace Millrace.EndToEnd.Page;

/// <summary>Whoever has the page open can pause a stream of the stand, and resume it.</summary>
public sealed class PauseOnThePageTests(PageOfAStandTests.SharedStand shared, Browser browser)
    : IClassFixture<PageOfAStandTests.SharedStand>, IClassFixture<Browser>
{
    const string Sentence = "orders is paused: the records of orders wait until it is resumed.";

    [RequiresFact(Prerequisite.Chromium)]
    public async Task A_stream_is_paused_and_resumed_by_the_buttons_of_its_drawer()
    {
        var page = await browser.OpenAsync(shared.Link);
        var flow = page.GetByRole(AriaRole.Region, new() { Name = "Flow" });
        var happened = page.GetByRole(AriaRole.List, new() { Name = "What happened" });
        await Eventually.Holds(async () => await shared.Stand.CountAsync("orders_table") > 0, "rows are stored");
        await flow.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders ") }).ClickAsync();

        await PressAsync(page, "Pause");
        await Expect(flow.GetByText(Sentence)).ToBeVisibleAsync();
        await Expect(happened.GetByText("orders paused").First).ToBeVisibleAsync();
        await Eventually.Holds(async () => (await PausedAsync()).Contains("orders"), "ps names it");
        var rows = await shared.Stand.CountAsync("orders_table");
        var views = await shared.Stand.CountAsync("views_table");
        await Eventually.Holds(async () => await shared.Stand.CountAsync("views_table") > views, "the other streams flow");
        Assert.Equal(rows, await shared.Stand.CountAsync("orders_table"));

        await PressAsync(page, "Resume");
        await Expect(flow.GetByText(Sentence)).ToHaveCountAsync(0);
        await Expect(happened.GetByText("orders resumed").First).ToBeVisibleAsync();
        await Eventually.Holds(async () => !(await PausedAsync()).Contains("orders"), "ps names it no more");
        await Eventually.Holds(async () => await shared.Stand.CountAsync("orders_table") > rows, "it flows");
    }

    [Fact]
    public async Task A_pause_is_refused_in_a_sentence_while_a_setup_runs()
    {
        var clickHouse = new Uri($"{(await shared.Stand.ServiceAsync("clickhouse")).GetProperty("endpoint").GetString()}");
        await using var page = await RunningPage.StartAsync(clickHouse: clickHouse, setupPatience: TimeSpan.FromSeconds(1));
        // As a setup that has just begun leaves it: nobody takes it for dead before 15 s are over.
        await shared.Stand.QueryAsync(
            "CREATE TABLE setup_lock (nothing UInt8) ENGINE = Null COMMENT 'a Millrace setup is at work: other, beat 0'");
        using (var refused = await page.Client.PostAsJsonAsync("/api/actions/pause", new { stream = "clicks" }))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(
                "A setup is running: try again when it has ended.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await shared.Stand.QueryAsync("DROP TABLE setup_lock");
        Assert.DoesNotContain("clicks", await PausedAsync());
        Assert.Equal("0", await shared.Stand.QueryAsync("SELECT count() FROM system.tables WHERE name IN ('setup_lock', 'clicks_paused')"));

        using var done = await page.Client.PostAsJsonAsync("/api/actions/pause", new { stream = "clicks" });
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Contains("is resumed", (await shared.Stand.RunAsync("resume", "clicks")).Expect(0).Output, StringComparison.Ordinal);
    }

    /// <summary>It asks first.</summary>
    static async Task PressAsync(IPage page, string name)
    {
        var reading = page.GetByRole(AriaRole.Dialog).Locator("section")
            .Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Reading" }) });
        await reading.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Expect(reading.GetByRole(AriaRole.Button, new() { Name = "No", Exact = true })).ToBeVisibleAsync();
        await reading.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Expect(reading.GetByRole(AriaRole.Status)).ToHaveTextAsync("Done.");
    }

    async Task<IReadOnlyList<string>> PausedAsync()
    {
        var ps = (await shared.Stand.RunAsync("ps", "-o", "json")).Expect(0).Json;
        return [.. ps.GetProperty("paused").EnumerateArray().Select(name => name.GetString()!)];
    }
}
