using System.Collections.Concurrent;
using Millrace.Cli.Supervision;
using Millrace.Streams.Status;
using Spectre.Console;

namespace Millrace.Cli.Output;

/// <summary>What <c>up</c> shows on a terminal: the services as they come up, then a table of what flows, drawn anew each second.</summary>
sealed class LiveView(TimeProvider time) : IStandView
{
    readonly long _started = time.GetTimestamp();
    readonly ConcurrentDictionary<string, ServiceStatus> _services = new();
    volatile EmitterSummary? _emitter;
    volatile bool _flowing;

    public void Show(ServiceStatus service)
    {
        _services[service.Name] = service;
        if (!_flowing && service.State is not (ServiceState.Waiting or ServiceState.Starting)) AnsiConsole.WriteLine(PlainView.Line(service));
    }

    public void Show(EmitterSummary emitter) => _emitter = emitter;

    public async Task ShowFlowAsync(StandState stand, CancellationToken stopping)
    {
        AnsiConsole.WriteLine($"Everything is up after {time.GetElapsedTime(_started).TotalSeconds:0.0} s.");
        AnsiConsole.WriteLine();
        _flowing = true;
        await AnsiConsole.Live(Text.Empty).StartAsync(async live =>
        {
            await foreach (var status in FlowFeed.ReadAsync(stand, time, stopping)) live.UpdateTarget(FlowTable.Render(status, _emitter, Troubles(_services.Values, status)));
        });
        _flowing = false;
        AnsiConsole.WriteLine("Stopping ...");
    }

    /// <summary>A line for each service that is away, and for each server that gives no answer.</summary>
    internal static List<string> Troubles(IEnumerable<ServiceStatus> services, StandStatus status) =>
        [.. services.Where(service => service.State is ServiceState.Restarting or ServiceState.Starting or ServiceState.Failed).Select(PlainView.Line), .. FlowTable.Troubles(status)];
}
