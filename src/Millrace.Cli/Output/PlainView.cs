using Millrace.Cli.Supervision;
using Millrace.Streams.Status;

namespace Millrace.Cli.Output;

/// <summary>What <c>up</c> shows where no terminal is: a line for every change of a service, and now and then one for each stream and each trouble.</summary>
sealed class PlainView(TextWriter output) : IStandView
{
    /// <summary>Seconds between two reports of the flow: often enough to see that it flows, seldom enough for a log.</summary>
    const int Interval = 10;

    readonly TextWriter _output = TextWriter.Synchronized(output);

    public static string Line(ServiceStatus service)
    {
        var line = $"{service.Name}: {StandReport.Word(service.State)}";
        if (service.Endpoint is { } endpoint) line += $" at {endpoint}";
        if (service is { State: ServiceState.Restarting or ServiceState.Failed, LastExit: { } exit }) line += $" ({exit})";
        return line;
    }

    public void Show(ServiceStatus service) => _output.WriteLine(Line(service));

    public void Show(EmitterSummary emitter) { }

    public async Task ShowFlowAsync(StandState stand, CancellationToken stopping)
    {
        var second = 0;
        await foreach (var status in FlowFeed.ReadAsync(stand, TimeProvider.System, stopping))
            if (second++ % Interval == 1)
                foreach (var line in status.Streams.Select(Line).Concat(FlowTable.Troubles(status))) _output.WriteLine(line);
    }

    static string Line(StreamStatus stream) =>
        $"{stream.Topic}: {FlowTable.Rate(stream.ProducedPerSecond)}/s produced, lag {FlowTable.Count(stream.Lag)}; "
        + $"{stream.TargetTable}: {FlowTable.Rate(stream.RowsPerSecond)} rows/s, {FlowTable.Count(stream.Rows)} rows, p99 {FlowTable.Rate(stream.LatencyP99)} ms";
}
