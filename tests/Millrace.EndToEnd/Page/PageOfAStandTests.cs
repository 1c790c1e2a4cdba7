using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Millrace.Testing;
using static Microsoft.Playwright.Assertions;

namespace Millrace.EndToEnd.Page;

/// <summary>What somebody sees who opens the page of a stand that is up.</summary>
public sealed partial class PageOfAStandTests(PageOfAStandTests.SharedStand shared, Browser browser)
    : IClassFixture<PageOfAStandTests.SharedStand>, IClassFixture<Browser>
{
    [RequiresFact(Prerequisite.Chromium)]
    public async Task The_flow_moves_from_the_emitter_through_topics_into_tables()
    {
        var page = await browser.OpenAsync(shared.Link);
        var flow = page.GetByRole(AriaRole.Region, new() { Name = "Flow" });
        foreach (var name in new[] { "user_clicks", "page_views", "orders", "clicks_table", "views_table", "orders_table" })
            await Expect(flow.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{name} ") })).ToBeVisibleAsync();
        var table = flow.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^views_table") });
        var first = await Eventually.Gives(() => RowsAsync(table), rows => rows > 0, "rows are counted");
        await Eventually.Holds(async () => await RowsAsync(table) > first, "the count of rows grows");
    }

    [Theory]
    [RequiresInlineData(Prerequisite.Chromium, "broker")]
    [RequiresInlineData(Prerequisite.Chromium, "clickhouse")]
    [RequiresInlineData(Prerequisite.Chromium, "emitter")]
    public async Task A_service_that_is_killed_is_seen_within_three_seconds_and_heals(string service)
    {
        var page = await browser.OpenAsync(shared.Link);
        var chip = page.GetByRole(AriaRole.List, new() { Name = "Services" })
            .GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"{service} running") });
        await chip.ClickAsync();
        var drawer = page.GetByRole(AriaRole.Dialog);
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Kill -9" }).ClickAsync();
        // It asks first.
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Kill -9" }).ClickAsync();
        await Expect(drawer.GetByRole(AriaRole.Status)).ToHaveTextAsync("Done.");
        var happened = page.GetByRole(AriaRole.List, new() { Name = "What happened" });
        await Expect(happened.GetByText($"{service} died: killed (SIGKILL)").First).ToBeVisibleAsync(new() { Timeout = 3000 });
        await Expect(chip).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task The_page_survives_its_own_restart_without_being_loaded_anew()
    {
        var page = await browser.OpenAsync(shared.Link);
        await page.EvaluateAsync("window.isTheSame = true");
        var before = (await shared.Stand.ServiceAsync("page")).GetProperty("pid").GetInt32();
        await shared.Stand.KillAsync("page");
        var happened = page.GetByRole(AriaRole.List, new() { Name = "What happened" });
        await Expect(happened.GetByText("page died: killed (SIGKILL)").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSame === true"));
        Assert.NotEqual(before, (await shared.Stand.ServiceAsync("page")).GetProperty("pid").GetInt32());
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task A_page_that_is_opened_late_has_the_past()
    {
        await Eventually.Holds(async () => await PointsAsync() > 5, "the past has points");

        async Task<int> PointsAsync()
        {
            using var client = new HttpClient { BaseAddress = shared.Link };
            using var past = JsonDocument.Parse(await client.GetStringAsync("/api/past?minutes=5"));
            return past.RootElement.GetProperty("times").GetArrayLength();
        }
    }

    [RequiresFact(Prerequisite.Chromium)]
    public async Task What_nobody_reads_is_said_in_the_flow_and_among_the_groups_until_somebody_reads_it_again()
    {
        const string sentence = "Nobody reads partitions 0, 1, 2 of orders: their records wait.";
        var flow = await browser.OpenAsync(shared.Link);
        var groups = await browser.OpenAsync(new Uri(shared.Link, "/groups"));
        await shared.Stand.QueryAsync("DETACH TABLE orders_queue");
        try
        {
            await Expect(flow.GetByRole(AriaRole.Alert).GetByText(sentence)).ToBeVisibleAsync();
            await Expect(flow.GetByRole(AriaRole.Region, new() { Name = "Flow" }).GetByText(sentence)).ToBeVisibleAsync();
            await Expect(groups.GetByRole(AriaRole.Main).GetByText(sentence)).ToBeVisibleAsync();
        }
        finally
        {
            await shared.Stand.QueryAsync("ATTACH TABLE orders_queue");
        }
        await Expect(flow.GetByText(sentence)).ToHaveCountAsync(0);
        await Expect(groups.GetByRole(AriaRole.Main).GetByText(sentence)).ToBeHiddenAsync();
    }

    static async Task<long> RowsAsync(ILocator table) =>
        Rows().Match(await table.InnerTextAsync()) is { Success: true } found
            ? long.Parse(found.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)
            : -1;

    [GeneratedRegex("([0-9,]+) rows")]
    private static partial Regex Rows();

    public sealed class SharedStand : IAsyncLifetime
    {
        public Stand Stand { get; } = new();

        public Uri Link { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await Stand.UpAsync("--rate", "200");
            Link = new Uri((await Stand.ServiceAsync("page")).GetProperty("endpoint").GetString()!);
        }

        public async Task DisposeAsync() => await Stand.DisposeAsync();
    }
}
