using System.Net.Sockets;
using System.Text;
using Millrace.Testing;

namespace Millrace.Page.Tests;

public sealed class FeedTests
{
    [Fact]
    public async Task A_new_viewer_gets_the_last_document_and_then_each_one()
    {
        await using var page = await RunningPage.StartAsync();
        page.Publish(1, 2, 3);
        using var feed = await OpenAsync(page);
        Assert.Equal("7-3", await NextAsync(feed));
        page.Publish(4);
        Assert.Equal("7-4", await NextAsync(feed));
    }

    [Fact]
    public async Task A_viewer_that_comes_back_gets_what_it_missed()
    {
        await using var page = await RunningPage.StartAsync();
        page.Publish(1, 2, 3, 4);
        using var feed = await OpenAsync(page, "7-2");
        Assert.Equal("7-3", await NextAsync(feed));
        Assert.Equal("7-4", await NextAsync(feed));
    }

    [Fact]
    public async Task A_viewer_of_a_stand_that_began_anew_gets_all_of_the_new_one()
    {
        await using var page = await RunningPage.StartAsync();
        page.Publish(1, 2);
        using var feed = await OpenAsync(page, "6-900");
        Assert.Equal("7-1", await NextAsync(feed));
    }

    [Fact]
    public async Task A_viewer_that_reads_nothing_holds_up_none_of_twenty_others()
    {
        await using var page = await RunningPage.StartAsync();
        using var stuck = new TcpClient("127.0.0.1", page.Url.Port) { ReceiveBufferSize = 1 };
        await stuck.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /feed HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        page.Publish(1);
        var viewers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OpenAsync(page)));
        foreach (var viewer in viewers) Assert.Equal("7-1", await NextAsync(viewer));
        await Eventually.Holds(() => page.Hub.Readers == 21, "everybody has come");
        for (var number = 2; number < 500; number++)
        {
            page.Publish(number);
            Assert.Equal($"7-{number}", (await Task.WhenAll(viewers.Select(NextAsync))).Distinct().Single());
        }
        foreach (var viewer in viewers) viewer.Dispose();
    }

    [Fact]
    public async Task A_viewer_that_leaves_is_forgotten_and_a_page_that_ends_waits_for_nobody()
    {
        var page = await RunningPage.StartAsync();
        page.Publish(1);
        using (var feed = await OpenAsync(page)) await NextAsync(feed);
        await Eventually.Holds(() => { page.Hub.Publish(RunningPage.Document(2)); return page.Hub.Readers == 0; }, "it is forgotten");
        using var last = await OpenAsync(page);
        await NextAsync(last);
        await page.DisposeAsync().AsTask().WaitAsync(Eventually.DefaultLimit);
    }

    [Fact]
    public async Task The_past_is_a_table_of_columns_as_long_as_its_times()
    {
        await using var page = await RunningPage.StartAsync();
        page.Publish([.. Enumerable.Range(1, 2000).Select(number => (long)number)]);
        var past = await page.Client.GetStringAsync("/api/past?minutes=60");
        using var document = System.Text.Json.JsonDocument.Parse(past);
        Assert.Equal(2000, document.RootElement.GetProperty("number").GetInt64());
        Assert.InRange(document.RootElement.GetProperty("times").GetArrayLength(), 300, 900);
    }

    static async Task<StreamReader> OpenAsync(RunningPage page, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/feed");
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        var answer = await page.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    /// <returns>The id of the next event.</returns>
    static async Task<string> NextAsync(StreamReader feed)
    {
        const string id = "id: ";
        using var limit = new CancellationTokenSource(Eventually.DefaultLimit);
        while (await feed.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith(id, StringComparison.Ordinal)) return line[id.Length..];
        throw new InvalidOperationException("The feed ended.");
    }
}
