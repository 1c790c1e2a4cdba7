using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Tests;

public sealed class ManyViewersTests
{
    [Theory]
    [InlineData("/api/dead-letters")]
    [InlineData("/api/business")]
    public async Task Twenty_who_look_at_once_ask_ClickHouse_once(string path)
    {
        var asked = new ConcurrentQueue<string>();
        await using var clickHouse = await CountingAsync(asked);
        await using var page = await RunningPage.StartAsync(clickHouse: new Uri(clickHouse.Urls.Single()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => page.Client.GetAsync(path)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.NotEmpty(asked);
        Assert.All(asked.GroupBy(sql => sql), query => Assert.Single(query));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
    }

    /// <summary>A server that notes each query and has an empty table for it.</summary>
    static async Task<WebApplication> CountingAsync(ConcurrentQueue<string> asked)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var sql = await reader.ReadToEndAsync();
            if (sql.Length > 0) asked.Enqueue(sql);
            await context.Response.WriteAsync(context.Request.QueryString.Value!.Contains("JSONCompact", StringComparison.Ordinal)
                ? """{"meta":[],"data":[],"rows":0}"""
                : "");
        });
        await web.StartAsync();
        return web;
    }
}
