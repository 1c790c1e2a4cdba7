using Millrace.Cli.Supervision;

namespace Millrace.Cli.Output;

/// <summary>What <c>up</c> shows where no terminal is: a line for every change of a service.</summary>
sealed class PlainView(TextWriter output) : IStandView
{
    public void Show(ServiceStatus service)
    {
        var line = $"{service.Name}: {StandReport.Word(service.State)}";
        if (service.Endpoint is { } endpoint) line += $" at {endpoint}";
        if (service is { State: ServiceState.Restarting or ServiceState.Failed, LastExit: { } exit }) line += $" ({exit})";
        output.WriteLine(line);
    }

    public void Show(EmitterSummary emitter) { }

    public Task ShowFlowAsync(StandState stand, CancellationToken stopping) =>
        Task.Delay(Timeout.Infinite, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
}
