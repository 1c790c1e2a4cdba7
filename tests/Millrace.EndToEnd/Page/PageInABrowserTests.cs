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
    public async Task Of_fifty_streams_those_that_need_an_eye_stand_first_and_those_that_are_well_are_one_row()
    {
        using var streams = new TemporaryDirectory();
        await using var host = await FiftyStreamsAsync(streams);
        var page = await browser.OpenAsync(host.Url);
        var topics = page.Locator(".flow .stream .c1.node");
        var rest = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("43 more streams are well$") });
        await Expect(rest).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(topics).ToHaveCountAsync(8);
        foreach (var (i, name) in new[] { "s37", "s40", "s20", "s30", "s00" }.Index())
            await Expect(topics.Nth(i)).ToContainTextAsync(name);
        var sums = page.GetByRole(AriaRole.Group, new() { Name = "43 more streams are well" });
        foreach (var sum in new[] { "430/s", "lag 4,300", "38,700 rows", "worst p99 290 ms" }) await Expect(sums).ToContainTextAsync(sum);

        await rest.ClickAsync();
        await Expect(rest).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(topics).ToHaveCountAsync(51);
        await Expect(rest).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Expect(topics).ToHaveCountAsync(51);
        await rest.ClickAsync();
        await Expect(topics).ToHaveCountAsync(8);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("s41");
        await Expect(topics).ToHaveCountAsync(1);
        await Expect(topics).ToContainTextAsync("s41");
        Assert.Contains("search=s41", page.Url, StringComparison.Ordinal);
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task A_row_of_many_streams_is_one_line()
    {
        using var streams = new TemporaryDirectory();
        await using var host = await FiftyStreamsAsync(streams);
        var page = await browser.OpenAsync(host.Url, new() { Locale = "en-US", ViewportSize = new() { Width = 1280, Height = 900 } });
        await Expect(page.Locator(".flow .stream .c3.node").First).ToContainTextAsync("900 rows");
        Assert.InRange(await page.EvaluateAsync<double>(Tallest(".flow .stream:not(.rest) .node")), 10, 34);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 1280);
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task On_a_narrow_screen_each_stream_is_a_card_whose_numbers_have_their_words()
    {
        using var streams = new TemporaryDirectory();
        await using var host = await FiftyStreamsAsync(streams);
        var page = await browser.OpenAsync(host.Url, new() { Locale = "en-US", ViewportSize = new() { Width = 400, Height = 800 } });
        var card = page.GetByRole(AriaRole.Group, new() { Name = "s20", Exact = true });
        string[] told =
        [
            "Topic s20 1,000 records", "Produced 10/s", "lag 100 · 0.5 s", "Inserted 10/s", "Table s20_table 900 rows p99 290 ms",
            "Dead letters ▲ 3",
        ];
        foreach (var pattern in told.Select(words => string.Join(@"\s*", words.Split(' ').Select(Regex.Escape))))
            await Expect(card).ToContainTextAsync(new Regex(pattern), new() { UseInnerText = true });
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 400);
        // The header leaves the screen to what it heads, and the view that is open is in sight in it.
        await page.GotoAsync(new Uri(host.Url, "/business").ToString());
        await Expect(page.Locator("nav a[aria-current]")).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.InRange(await page.EvaluateAsync<double>(Tallest("header")), 20, 90);
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task A_drawer_that_was_opened_before_the_first_look_gets_its_button_with_it()
    {
        await using var host = await RunningPage.StartAsync();
        var page = await browser.OpenAsync(host.Url);
        await page.GetByRole(AriaRole.Region, new() { Name = "Flow" })
            .GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^orders ") }).ClickAsync();
        var reading = page.GetByRole(AriaRole.Dialog).Locator("section")
            .Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Reading" }) });
        await Expect(reading.GetByText("Looking …")).ToBeVisibleAsync();
        host.Hub.Publish(Document(1, [Stream("orders") with { Paused = true }]));
        await Expect(reading.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true })).ToBeVisibleAsync();
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task Dead_letters_of_several_topics_have_an_overview_that_leads_to_each()
    {
        await using var host = await RunningPage.StartAsync();
        host.Hub.Publish(Document(1));
        var page = await browser.OpenAsync(host.Url);
        var streams = new[] { Letters("orders", 2), Letters("views", 7) };
        await page.RouteAsync("**/api/dead-letters", route => route.FulfillAsync(new() { Json = new { streams } }));
        await page.RouteAsync("**/api/dead-letters/samples*", route => route.FulfillAsync(new() { Json = Array.Empty<object>() }));
        await page.GotoAsync(new Uri(host.Url, "/dead-letters").ToString());
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "By topic" }).First.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync(new Regex("^views.*7.*amount is not valid and 1 more.*77.8 %.* ago$"));
        var cards = page.Locator(".card h2");
        await Expect(cards).ToHaveTextAsync(["views", "orders"]);
        await rows.Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(cards).ToHaveTextAsync(["orders"]);
        Assert.Contains("stream=orders", page.Url, StringComparison.Ordinal);
        await page.SetViewportSizeAsync(400, 800);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 400);
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Failed columns" })).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "← All dead letters" }).ClickAsync();
        await Expect(cards).ToHaveCountAsync(2);
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task Partitions_of_many_topics_are_folded_but_for_those_that_nobody_reads()
    {
        await using var host = await RunningPage.StartAsync();
        host.Hub.Publish(Document(1));
        var page = await browser.OpenAsync(host.Url);
        var partitions = Enumerable.Range(0, 10).SelectMany(topic => Enumerable.Range(0, 6).Select(partition => new
        {
            topic = $"t{topic}",
            partition,
            committed_offset = 10,
            log_end_offset = 11 + topic * 20,
            lag = 1 + topic * 20,
            member_id = (topic, partition) == (4, 2) ? null : "m",
            error = (string?)null,
            paused = false,
        }));
        var group = new { group_id = "g", state = "Stable", assignor = "range", members = Array.Empty<object>(), partitions };
        await page.RouteAsync("**/api/groups", route => route.FulfillAsync(new() { Json = new[] { group } }));
        await page.GotoAsync(new Uri(host.Url, "/groups").ToString());
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Partitions" }).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(11);
        await Expect(rows.Nth(0)).ToContainTextAsync(new Regex("t4.*6 partitions.*486.*▲ 5 of 6 are read"));
        await Expect(rows.Nth(1)).ToContainTextAsync(new Regex("t4.*▲ nobody"));
        await rows.Nth(2).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(rows).ToHaveCountAsync(17);
        Assert.Contains("unfolded=g", page.Url, StringComparison.Ordinal);
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

    /// <summary>One waits, one is late, one has dead letters, one is paused; the others are well.</summary>
    static async Task<RunningPage> FiftyStreamsAsync(TemporaryDirectory streams)
    {
        var names = Enumerable.Range(0, 50).Select(i => $"s{i:00}").ToList();
        foreach (var name in names) await File.WriteAllTextAsync(streams.Sub($"{name}.yaml"), Definition(name));
        var host = await RunningPage.StartAsync(streams: streams.Path);
        host.Hub.Publish(Document(1, [.. names.Select(name => Stream(name) with
        {
            Trouble = name == "s37" ? "s37 waits" : null,
            LagSeconds = name == "s40" ? 60 : 0.5,
            DeadLetters = name == "s20" ? 3 : 0,
            Paused = name == "s30",
        })]));
        return host;
    }

    static object Letters(string stream, int total) => new
    {
        stream,
        topic = stream,
        table = "dead_letters",
        total,
        counted = total,
        minutes = Array.Empty<object>(),
        kinds = new[] { ("amount is not valid", total - 1), ("id is missing", 1) }.Select(kind => new
        {
            reason = kind.Item1,
            columns = new[] { "amount" },
            letters = kind.Item2,
            last = "2026-11-27T12:00:00Z",
        }),
    };

    /// <summary>The height of the tallest, in pixels.</summary>
    static string Tallest(string selector) => $"Math.max(...[...document.querySelectorAll('{selector}')].map(one => one.clientHeight))";

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
