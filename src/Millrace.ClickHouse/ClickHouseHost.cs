using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.ClickHouse.Diagnostics;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Http;
using Millrace.ClickHouse.Native;
using Millrace.ClickHouse.Options;
using Millrace.HttpAccess;
using Millrace.Listening;

namespace Millrace.ClickHouse;

/// <summary>
/// The ClickHouse engine with its data directory behind ClickHouse's HTTP interface. One for each process: libchdb knows one path at
/// a time. Started once, disposed of once; requests are served side by side.
/// </summary>
public sealed class ClickHouseHost : IAsyncDisposable
{
    readonly DataDirectoryHold _directory;
    readonly Engine _engine;
    readonly RunningQueries _running;
    readonly Sessions _sessions;
    readonly WebApplication _web;
    readonly ILogger _logger;

    ClickHouseHost(
        DataDirectoryHold directory, Engine engine, RunningQueries running, Sessions sessions, WebApplication web, Uri url, ILogger logger)
    {
        _directory = directory;
        _engine = engine;
        _running = running;
        _sessions = sessions;
        _web = web;
        _logger = logger;
        Url = url;
    }

    /// <summary>Where clients connect, e.g. http://127.0.0.1:8123/.</summary>
    public Uri Url { get; }

    /// <summary>Boots the engine, on which queue tables begin to consume, then serves.</summary>
    /// <exception cref="ClickHouseStartException">Something is missing or taken; the message says what to do.</exception>
    public static async Task<ClickHouseHost> StartAsync(ClickHouseOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        // Without it .NET takes a gzip, deflate or br body that ends too early for a whole one.
        // Read once, at the first use of such a stream.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        options = options with
        {
            DataDirectory = Path.GetFullPath(options.DataDirectory),
            LibraryPath = Path.GetFullPath(options.LibraryPath),
        };
        var logger = loggers.CreateLogger<ClickHouseHost>();
        using var sockets = Open(options.ListenAddress, [options.Port, .. options.OtherPorts]);
        // Early: the resolver has answered by the time the engine has booted.
        var access = new AccessRule(options.ListenAddress, !options.Password.IsEmpty, ThisMachine.Look());
        var directory = DataDirectoryHold.Take(options.DataDirectory);
        if (options.FileFolders is not null) Environment.CurrentDirectory = UserFiles(options);
        Engine? engine = null;
        WebApplication? web = null;
        try
        {
            engine = await EngineThread.RunAsync(() => Engine.Start(options));
            if (options.FileFolders is not null) EnvironmentBlock.Wipe();
            var running = new RunningQueries(options.MaxConcurrentQueries);
            var sessions = new Sessions(TimeProvider.System);
            web = BuildWeb(options, sockets, access, new QueryEndpoint(engine, options, running, sessions, logger));
            await ListenAsync(web, options, cancellation);
            var host = new ClickHouseHost(directory, engine, running, sessions, web, sockets.Url, logger);
            logger.Started(engine.Version, host.Url, options.DataDirectory);
            return host;
        }
        catch
        {
            if (web is not null) await web.DisposeAsync();
            engine?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Stops serving, lets the queue tables leave their group, stops the engine; each within its limit.</summary>
    public async ValueTask DisposeAsync()
    {
        // Closes the connections too, which stops their queries.
        await _web.DisposeAsync();
        var idle = await _running.DrainAsync(StopLimits.Queries);
        if (!idle) _logger.DrainTimedOut(StopLimits.Queries);
        // Before the engine, which lives as long as a connection does.
        await EngineThread.RunAsync(_sessions.Dispose);
        var left = await QueueTables.LeaveAsync(_engine, StopLimits.QueueTables, _logger);
        // An engine that hangs would hang in its stop as well.
        if (idle && left && await StopEngineAsync())
        {
            _directory.Dispose();
            _logger.Stopped();
        }
        else
        {
            // It keeps the directory, until the end of the process frees what it holds.
            _engine.LeaveRunning();
        }
    }

    // Where the engine looks for a file without a folder: it takes the process's current one, whatever user_files_path says.
    static string UserFiles(ClickHouseOptions options) =>
        Directory.CreateDirectory(Path.Combine(options.DataDirectory, "user_files")).FullName;

    async Task<bool> StopEngineAsync()
    {
        try
        {
            await EngineThread.RunAsync(_engine.Dispose).WaitAsync(StopLimits.Engine);
            return true;
        }
        catch (TimeoutException)
        {
            _logger.StopTimedOut(StopLimits.Engine);
            return false;
        }
    }

    static WebApplication BuildWeb(ClickHouseOptions options, BoundSockets sockets, AccessRule access, QueryEndpoint query)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.DataDirectory });
        // ASP.NET would tell of every request, and call a result cut off on purpose an unhandled exception.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore().UseSockets(transport => transport.CreateBoundListenSocket = sockets.Take)
            .ConfigureKestrel(kestrel => Configure(kestrel, sockets));
        var web = builder.Build();
        web.Run(context => access.Judge(context.Request) is { } refusal ? query.RefuseAsync(context, refusal) : RouteAsync(context, query));
        return web;
    }

    static void Configure(KestrelServerOptions kestrel, BoundSockets sockets)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        // http_max_uri_size of ClickHouse is 1 MiB.
        kestrel.Limits.MaxRequestLineSize = 1 << 20;
        kestrel.Limits.MaxRequestBufferSize = 2 << 20;
        // http_max_field_value_size of ClickHouse is 128 KiB, for each of as many as there are.
        kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 20;
        kestrel.Limits.MaxRequestHeaderCount = 10_000;
        foreach (var endPoint in sockets.EndPoints) kestrel.Listen(endPoint);
    }

    static Task RouteAsync(HttpContext context, QueryEndpoint query)
    {
        var request = context.Request;
        CrossOrigin.Allow(context);
        if (CrossOrigin.IsPreflight(context)) return CrossOrigin.AnswerPreflightAsync(context);
        if (MethodRule.Refuses(request)) return MethodRule.RefuseAsync(context);
        var asks = request.Query.ContainsKey("query") || HttpMethods.IsPost(request.Method);
        return request.Path.Value switch
        {
            "/ping" or "/replicas_status" => PlainEndpoints.OkAsync(context),
            "/" when !asks => PlainEndpoints.OkAsync(context),
            "/" or "/query" or "" => query.HandleAsync(context),
            _ => PlainEndpoints.NotFoundAsync(context),
        };
    }

    static BoundSockets Open(IPAddress address, IReadOnlyList<int> ports)
    {
        try
        {
            return BoundSockets.Open(address, ports);
        }
        catch (CantBindException e)
        {
            throw Refused(e.EndPoint, e);
        }
    }

    static ClickHouseStartException Refused(IPEndPoint endPoint, Exception e) =>
        new($"Port {endPoint.Port} on {endPoint.Address} can't be opened ({e.Message}): stop what holds it, or choose another port.", e);

    // Of two that start at once both may bind, but only one may listen.
    static async Task ListenAsync(WebApplication web, ClickHouseOptions options, CancellationToken cancellation)
    {
        try
        {
            await web.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw Refused(new(options.ListenAddress, options.Port), e);
        }
    }
}
