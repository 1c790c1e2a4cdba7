using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Page.Http;

namespace Millrace.Page.Tests;

public sealed class ConcurrencyLimitTests
{
    [Fact]
    public async Task Whoever_finds_no_place_waits_and_whoever_goes_away_takes_none()
    {
        var free = new TaskCompletionSource();
        var made = new List<string>();
        var limit = new ConcurrencyLimit(1);
        using var goesAway = new CancellationTokenSource();

        var first = AskAsync("first");
        var second = AskAsync("second", goesAway.Token);
        var third = AskAsync("third");
        Assert.Equal(["first"], made);
        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        free.SetResult();
        await Task.WhenAll(first, third);

        Assert.Equal(["first", "third"], made);

        Task<int> AskAsync(string name, CancellationToken goesAway = default) =>
            limit.RunAsync(new DefaultHttpContext { RequestAborted = goesAway }, async () =>
            {
                made.Add(name);
                await free.Task;
                return made.Count;
            });
    }

    [Fact]
    public async Task Whoever_waited_long_is_told_so_and_when_to_come_again()
    {
        var free = new TaskCompletionSource<int>();
        var limit = new ConcurrencyLimit(1, TimeSpan.FromMilliseconds(1));
        var first = limit.RunAsync(new DefaultHttpContext(), () => free.Task);
        var context = new DefaultHttpContext();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => limit.RunAsync(context, () => Task.FromResult(2)));
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, refused.Status);
        Assert.Equal("1 such requests are at work already, of all pages: try again in a few seconds.", refused.Message);
        Assert.Equal("10", context.Response.Headers.RetryAfter);

        free.SetResult(1);
        Assert.Equal(1, await first);
        Assert.Equal(2, await limit.RunAsync(context, () => Task.FromResult(2)));
    }

    [Fact]
    public async Task Downloads_that_nobody_reads_keep_nobody_from_a_query()
    {
        await using var clickHouse = await EndlessClickHouse.StartAsync();
        await using var page = await RunningPage.StartAsync(clickHouse: clickHouse.Url);
        var unread = new List<HttpResponseMessage>();
        // One more than run at once.
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query")
            {
                Content = JsonContent.Create(new { sql = "SELECT * FROM numbers(1e12)", id = $"download-{i}", format = "CSVWithNames" }),
            };
            unread.Add(await page.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        }
        Assert.All(unread, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        unread.ForEach(answer => answer.Dispose());
    }
}
