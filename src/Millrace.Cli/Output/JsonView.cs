using System.Text.Json;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Output;

/// <summary>What <c>up --output json</c> prints: NDJSON, the services as they change and, once everything is up, the flow each second.</summary>
sealed class JsonView : IStandView
{
    readonly Lock _lock = new();

    public void Show(ServiceStatus service)
    {
        var report = ServiceReport.Of(service, service.Since);
        Write(JsonSerializer.Serialize(report, OutputJson.Default.ServiceReport));
    }

    public void Show(EmitterSummary emitter) { }

    public async Task ShowFlowAsync(StandState stand, CancellationToken stopping)
    {
        await foreach (var status in FlowFeed.ReadAsync(stand, TimeProvider.System, stopping)) Write(JsonSerializer.Serialize(status, OutputJson.Default.StandStatus));
    }

    void Write(string line)
    {
        lock (_lock) Console.Out.WriteLine(line);
    }
}
