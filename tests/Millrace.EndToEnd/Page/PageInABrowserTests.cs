using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Millrace.Page.Tests;
using Millrace.Streams.Events;
using Millrace.Streams.Status;
using Millrace.Testing;
using static Microsoft.Playwright.Assertions;

namespace Millrace.EndToEnd.Page;

/// <summary>How the page behaves, with documents that a test makes.</summary>
public sealed class PageInABrowserTests(Browser browser) : IClassFixture<Browser>
{
    const string Markup = "<img src=x onerror=\"window.isHacked = true\">";

    [RequiresFact(Prerequisite.Chromium)]
    public async Task What_a_server_or_a_record_says_is_never_markup()
    {
        await using var host = await RunningPage.StartAsync();
        host.Hub.Publish(Document(1, trouble: Markup, lastExit: Markup));
        var page = await browser.OpenAsync(host.Url);
        await Expect(page.GetByRole(AriaRole.Alert).GetByText(Markup).First).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.False(await page.EvaluateAsync<bool>("window.isHacked === true"));
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task Paused_it_shows_what_it_showed_and_then_what_is_so_now()
    {
        await using var host = await RunningPage.StartAsync();
        host.Hub.Publish(Document(1, rows: 1000));
        var page = await browser.OpenAsync(host.Url);
        var table = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders_table") });
        await Expect(table).ToContainTextAsync("1,000 rows");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByTitle("Pause or go on (space)")).ToContainTextAsync("⏸");
        host.Hub.Publish(Document(2, rows: 2000));
        host.Hub.Publish(Document(3, rows: 3000));
        // They came: another window shows them.
        var other = await browser.OpenAsync(host.Url);
        await Expect(other.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders_table") })).ToContainTextAsync("3,000 rows");
        await Expect(table).ToContainTextAsync("1,000 rows");
        await page.Keyboard.PressAsync("Space");
        await Expect(table).ToContainTextAsync("3,000 rows");
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task Values_that_are_old_stay_and_say_how_old_they_are_and_why()
    {
        var host = await RunningPage.StartAsync();
        host.Hub.Publish(Document(1, rows: 1000));
        var page = await browser.OpenAsync(host.Url);
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders_table") })).ToContainTextAsync("1,000 rows");
        await host.DisposeAsync();
        await Expect(page.GetByText(new Regex("as of .* ago, because the page's server does not answer"))).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders_table") })).ToContainTextAsync("1,000 rows");
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task Fifty_streams_are_shown_worst_first_and_can_be_searched()
    {
        using var streams = new TemporaryDirectory();
        var names = Enumerable.Range(0, 50).Select(i => $"s{i:00}").ToList();
        foreach (var name in names) await File.WriteAllTextAsync(streams.Sub($"{name}.yaml"), Definition(name));
        await using var host = await RunningPage.StartAsync(streams: streams.Path);
        host.Hub.Publish(Document(1, [.. names.Select(name => Stream(name) with { Trouble = name == "s37" ? "s37 waits" : null })]));
        var page = await browser.OpenAsync(host.Url);
        var topics = page.Locator(".flow .c1.node");
        await Expect(topics).ToHaveCountAsync(50);
        await Expect(topics.First).ToContainTextAsync("s37");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("s41");
        await Expect(topics).ToHaveCountAsync(1);
        Assert.Contains("search=s41", page.Url, StringComparison.Ordinal);
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task A_narrow_dark_screen_in_Russian_shows_all_of_it()
    {
        await using var host = await RunningPage.StartAsync();
        host.Hub.Publish(Document(1, rows: 1000));
        var page = await browser.OpenAsync(
            host.Url, new() { Locale = "ru-RU", ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 400, Height = 800 } });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Поток" })).ToBeVisibleAsync();
        Assert.Equal("ru", await page.Locator("html").GetAttributeAsync("lang"));
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 400);
        Assert.Equal("rgb(13, 17, 23)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task A_page_that_needs_a_token_opens_by_its_link_and_goes_on_without_it()
    {
        await using var host = await RunningPage.StartAsync("f00d");
        host.Hub.Publish(Document(1, rows: 1000));
        var page = await browser.OpenAsync(new Uri(host.Url, "/?token=f00d"));
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders_table") })).ToContainTextAsync("1,000 rows");
        Assert.DoesNotContain("f00d", page.Url, StringComparison.Ordinal);
    }

    static StatusDocument Document(long number, string? trouble = null, string? lastExit = null, long rows = 0) =>
        Document(number, [Stream("orders") with { TargetTable = "orders_table", Rows = rows, Trouble = trouble }]) with
        {
            Services = [new ServiceFacts("broker", lastExit is null ? "running" : "failed", 1, RunningPage.Start, 0, null, lastExit, 1, 1)],
        };

    static StatusDocument Document(long number, IReadOnlyList<StreamStatus> streams) => RunningPage.Document(number) with
    {
        Flow = new StandStatus(RunningPage.Start.AddSeconds(number), null, null, streams),
        Emitter = new EmitterSummary(1000, 1000, 1000, 1, 0, 0, false, null),
    };

    static StreamStatus Stream(string name) => new(name, name, $"{name}_table", 1000, 10, 900, 100, 900, 10, 0, 150, 290);

    static string Definition(string name) => $$"""
        stream: {{name}}
        topic: {{name}}
        partitions: 1
        key: id
        table: {{name}}_table
        order_by: [id]
        weight: 0
        columns:
          - { name: id, type: UInt64, generate: session.user_id }
        """;
}
