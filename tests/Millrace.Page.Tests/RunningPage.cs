using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Page.Stand;
using Millrace.Secrets;
using Millrace.Streams;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Page.Tests;

/// <summary>A page on a free port, of servers that are away; a test fills its hub. One for each test.</summary>
sealed class RunningPage : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    readonly PageHost _host;

    RunningPage(PageHost host, StatusHub hub)
    {
        (_host, Hub) = (host, hub);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Url };
    }

    public StatusHub Hub { get; }

    public HttpClient Client { get; }

    public Uri Url => _host.Url;

    /// <param name="streams">Folder of the definitions; those that Millrace ships unless given.</param>
    /// <param name="clickHouse">Where one answers; none unless given.</param>
    /// <param name="setupPatience">As the page has it unless given.</param>
    public static async Task<RunningPage> StartAsync(
        string token = "", ISupervisor? supervisor = null, string? streams = null, Uri? clickHouse = null,
        TimeSpan? setupPatience = null)
    {
        var endpoints = new StandEndpoints
        {
            Kafka = "127.0.0.1:1",
            ClickHouse = clickHouse ?? new Uri("http://reader:hidden@127.0.0.1:1/"),
        };
        var options = new PageOptions(endpoints, streams ?? Path.Combine(Repository.Root, "streams"))
        {
            Port = 0,
            Token = new Secret(token),
            Listen = IPAddress.Loopback,
        };
        if (setupPatience is { } patience) options = options with { SetupPatience = patience };
        var hub = new StatusHub();
        var host = await PageHost.StartAsync(options, hub, supervisor, NullLoggerFactory.Instance, CancellationToken.None);
        return new RunningPage(host, hub);
    }

    public static StatusDocument Document(long number, string feed = "7") => new(feed, number, Start.AddSeconds(number), null, null, null, [], []);

    public void Publish(params long[] numbers)
    {
        foreach (var number in numbers) Hub.Publish(Document(number));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}
