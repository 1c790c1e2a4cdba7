using System.Globalization;
using Millrace.Cli.Supervision;
using Millrace.Streams.Status;

namespace Millrace.Cli.Output;

/// <summary>What <c>up</c> shows where no terminal is: a line for every change of a service, and now and then one for each stream.</summary>
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
                foreach (var stream in status.Streams) _output.WriteLine(Line(stream));
    }

    internal static string Line(StreamStatus stream) => string.Create(CultureInfo.InvariantCulture,
        $"{stream.Topic}: {stream.ProducedPerSecond:N0}/s produced, lag {stream.Lag:N0}; {stream.TargetTable}: {stream.RowsPerSecond:N0} rows/s, {stream.Rows:N0} rows, p99 {stream.LatencyP99:N0} ms");
}
