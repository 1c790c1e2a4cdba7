using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.HttpAccess;
using Millrace.Listening;
using Millrace.Page.Apis;
using Millrace.Page.Http;
using Millrace.Page.Metrics;
using Millrace.Page.Stand;
using Millrace.Streams.Status;

namespace Millrace.Page;

/// <summary>
/// The page of a stand: its files, the feed of status documents, and what its views ask. A client of the two servers like all above them.
/// Started once, disposed of once.
/// </summary>
public sealed class PageHost : IAsyncDisposable
{
    readonly WebApplication _web;
    readonly CancellationTokenSource _stopping;

    readonly PageStand _stand;

    readonly StandMetrics _metrics;

    readonly Task _keptFresh;

    PageHost(WebApplication web, PageStand stand, StandMetrics metrics, CancellationTokenSource stopping, Uri url)
    {
        (_web, _stand, _metrics, _stopping, Url) = (web, stand, metrics, stopping, url);
        _keptFresh = MetricsExport.IsPushed ? metrics.KeepFreshAsync(stopping.Token) : Task.CompletedTask;
    }

    /// <summary>Where it answers, without its token.</summary>
    public Uri Url { get; }

    /// <param name="hub">Where the documents come from; somebody else fills it.</param>
    /// <param name="supervisor">null for a stand without a supervisor of ours.</param>
    /// <exception cref="PageStartException">Its port is taken.</exception>
    public static async Task<PageHost> StartAsync(
        PageOptions options, StatusHub hub, ISupervisor? supervisor, ILoggerFactory loggers, CancellationToken cancellation)
    {
        using var sockets = Open(options);
        var access = new AccessRule(options.Listen, !options.Token.IsEmpty, ThisMachine.Look()) { WelcomesLinks = true };
        var gate = new Gate(access, options.Token, sockets.EndPoints[0].Port);
        var stopping = new CancellationTokenSource();
        var stand = new PageStand(options, hub, supervisor, loggers.CreateLogger<PageHost>(), stopping.Token);
        var metrics = new StandMetrics(stand, TimeProvider.System, loggers.CreateLogger<StandMetrics>());
        var web = Build(sockets, gate, stand, metrics);
        try
        {
            await web.StartAsync(cancellation).ConfigureAwait(false);
            return new PageHost(web, stand, metrics, stopping, sockets.Url);
        }
        catch (Exception e)
        {
            await EndAsync(web).ConfigureAwait(false);
            metrics.Dispose();
            stand.ClickHouse.Dispose();
            stopping.Dispose();
            if (e is IOException or SocketException) throw Refused(options, e);
            throw;
        }
    }

    /// <summary>Ends every feed, then stops serving.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        // Whatever it ended with, the rest ends too.
        await _keptFresh.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(_web).ConfigureAwait(false);
        _metrics.Dispose();
        _stand.ClickHouse.Dispose();
        _stopping.Dispose();
    }

    static ValueTask EndAsync(WebApplication web)
    {
        MetricsExport.End(web);
        return web.DisposeAsync();
    }

    static WebApplication Build(BoundSockets sockets, Gate gate, PageStand stand, StandMetrics metrics)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddRoutingCore();
        MetricsExport.Add(builder);
        builder.WebHost.UseKestrelCore().UseSockets(transport => transport.CreateBoundListenSocket = sockets.Take)
            .ConfigureKestrel(kestrel => Configure(kestrel, sockets));
        var web = builder.Build();
        web.Use(gate.PassAsync);
        web.Use(stand.AnswerTroubleAsync);
        MetricsExport.Map(web, metrics);
        web.UseRouting();
        foreach (var api in PageApis.All) api.Map(web, stand);
        web.MapFallback("{**path}", PageFiles.AnswerAsync);
        return web;
    }

    static void Configure(KestrelServerOptions kestrel, BoundSockets sockets)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1 << 20;
        foreach (var endPoint in sockets.EndPoints) kestrel.Listen(endPoint);
    }

    static BoundSockets Open(PageOptions options)
    {
        try
        {
            return BoundSockets.Open(options.Listen, [options.Port, .. options.OtherPorts]);
        }
        catch (CantBindException e)
        {
            throw Refused(options, e);
        }
    }

    static PageStartException Refused(PageOptions options, Exception e) => new(
        $"Port {options.Port} on {options.Listen} can't be opened ({e.Message}): stop what holds it, choose another one with --page-port, "
        + "or go without the page with --no-page.",
        e);
}
