using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Tests;

/// <summary>ClickHouse's HTTP interface as far as a result without an end is concerned: it comes as fast as it is read.</summary>
sealed class EndlessClickHouse : IAsyncDisposable
{
    readonly WebApplication _web;

    EndlessClickHouse(WebApplication web) => _web = web;

    public Uri Url => new(_web.Urls.Single());

    public static async Task<EndlessClickHouse> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        web.Run(AnswerAsync);
        await web.StartAsync();
        return new(web);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/ping")
        {
            await context.Response.WriteAsync("Ok.\n");
            return;
        }
        var rows = new byte[64 * 1024];
        while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(rows, context.RequestAborted);
    }
}
