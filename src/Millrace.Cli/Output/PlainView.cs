using System.Globalization;
using Millrace.Cli.Documents;
using Millrace.Streams.Status;

namespace Millrace.Cli.Output;

/// <summary>What <c>up</c> shows where no terminal is: a line for every change of a service, and now and then one for each stream and each trouble.</summary>
sealed class PlainView(TextWriter output, TimeProvider time) : IStandView
{
    /// <summary>Seconds between two reports of the flow: often enough to see that it flows, seldom enough for a log.</summary>
    const int Interval = 10;

    public bool ShowsFlow => true;

    public static string Line(ServiceStatus service)
    {
        var line = $"{service.Name}: {StateWord.Of(service.State)}";
        if (service.Endpoint is { } endpoint) line += $" at {endpoint}";
        if (service is { State: ServiceState.Restarting or ServiceState.Failed, LastExit: { } exit }) line += $" ({exit})";
        return line;
    }

    public void Show(StandWatch watch)
    {
        var second = 0;
        foreach (var document in watch.ReadAll())
        {
            if (watch.TakeMissed() is > 0 and var missed)
                Write($"{missed} changes of the stand are left out: this was not read in time.");
            foreach (var line in Lines(document, document.Cause == StandDocumentCause.Flow && second++ % Interval == 1))
                Write(line);
        }
    }

    /// <summary>Whoever reads a file of it later wants to know when.</summary>
    void Write(string line) =>
        output.WriteLine($"{time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {line}");

    static IEnumerable<string> Lines(StandDocument document, bool reportsFlow) => document switch
    {
        { Cause: StandDocumentCause.Service, Service: { } service } => [Line(service)],
        { Cause: StandDocumentCause.Flow, Flow: { } flow } when reportsFlow => flow.Streams.Select(Line).Concat(FlowTable.Troubles(flow)),
        { Cause: StandDocumentCause.FlowTrouble, FlowTrouble: { } trouble } => [FlowTable.Unknowable(trouble)],
        _ => [],
    };

    static string Line(StreamStatus stream) =>
        $"{stream.Topic}{(stream.Paused is true ? " (paused)" : "")}: {FlowTable.Rate(stream.ProducedPerSecond)}/s produced, "
        + $"lag {FlowTable.Count(stream.Lag)}; "
        + $"{stream.TargetTable}: {FlowTable.Rate(stream.RowsPerSecond)} rows/s, {FlowTable.Count(stream.Rows)} rows, "
        + $"{FlowTable.Count(stream.DeadLetters)} dead letters, p99 {FlowTable.Rate(stream.LatencyP99)} ms";
}
