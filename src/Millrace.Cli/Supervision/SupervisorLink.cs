using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Logs;
using Millrace.Meters;
using Millrace.Page.Stand;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>
/// What the supervisor of a data directory does for the page of its stand: the page's process asks over the control socket.
/// </summary>
/// <param name="services">Names of the services that have a log, in the order in which they start.</param>
sealed class SupervisorLink(StandPaths paths, IReadOnlyList<string> services) : ISupervisor
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks at the logs.</summary>
    static readonly TimeSpan LogPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Fills the hub with the supervisor's documents; ends, without an exception, when <paramref name="stopping"/> is set.</summary>
    public async Task FeedAsync(StatusHub hub, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (Stand is { } stand)
                    await foreach (var document in ControlClient.WatchAsync(paths, stand, hub.Last?.Feed, hub.Last?.Number ?? 0, stopping))
                        hub.Publish(document);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // The supervisor is gone or going, in the midst of a line perhaps, or the page is.
            }
            await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task<string?> RestartAsync(string service, CancellationToken cancellation) =>
        AskAsync(new ControlRequest(ControlRequest.Restart, service), cancellation);

    public Task<string?> KillAsync(string service, CancellationToken cancellation) =>
        AskAsync(new ControlRequest(ControlRequest.Kill, service), cancellation);

    public Task<string?> SetRateAsync(int eventsPerSecond, CancellationToken cancellation) =>
        AskAsync(new ControlRequest(ControlRequest.Rate) { EventsPerSecond = eventsPerSecond }, cancellation);

    public async IAsyncEnumerable<IReadOnlyList<ServiceLogLine>> ReadLogsAsync(
        int count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var readers = services.Select(name => new LogReader(name, paths.LogOf(name))).ToList();
        try
        {
            yield return Sorted(readers.SelectMany(reader => reader.Tail(count))).TakeLast(count).ToList();
            while (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(LogPause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var lines = Sorted(readers.SelectMany(reader => reader.ReadNew())).ToList();
                if (lines.Count > 0) yield return lines;
            }
        }
        finally
        {
            foreach (var reader in readers) reader.Dispose();
        }
    }

    public async Task<IReadOnlyList<ServiceReadings>> ReadMetersAsync(CancellationToken cancellation) =>
        Stand is { } stand ? await ControlClient.ReadMetersAsync(paths, stand, cancellation) : [];

    /// <summary>null where no supervisor lives whose word counts.</summary>
    StandState? Stand
    {
        get
        {
            try { return new StateFile(paths.State).ReadLive(); }
            catch (CliException) { return null; /* The file is another user's. */ }
        }
    }

    static IEnumerable<ServiceLogLine> Sorted(IEnumerable<LogLine> lines) =>
        lines.OrderBy(line => line.Time).Select(line => new ServiceLogLine(line.Service, line.Time, LevelOf(line.Line), line.Line));

    /// <summary>Our own services begin a line with its level.</summary>
    static string LevelOf(string text) => text.Split(' ', 2)[0] is "info" or "warn" or "fail" ? text[..4] : "";

    async Task<string?> AskAsync(ControlRequest request, CancellationToken cancellation)
    {
        if (Stand is not { } stand) return "The supervisor of the stand is gone.";
        try
        {
            await ControlClient.AskAsync(paths, stand, request, static _ => { }, cancellation);
            return null;
        }
        catch (CliException e)
        {
            return e.Message;
        }
    }
}
