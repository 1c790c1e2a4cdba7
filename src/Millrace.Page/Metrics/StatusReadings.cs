using Millrace.Meters;
using Millrace.Streams.Status;

namespace Millrace.Page.Metrics;

/// <summary>
/// A status document as readings: what flows, and the processes as their supervisor sees them. Names are OpenTelemetry's where it has one
/// (https://github.com/open-telemetry/opentelemetry-collector-contrib, kafkametricsreceiver; semantic conventions for processes).
/// </summary>
static class StatusReadings
{
    /// <param name="since">What was seen before is left out: a document may tell what flows as it was, and be the last for a while.</param>
    public static IEnumerable<ServiceReadings> Of(StatusDocument document, string group, DateTimeOffset since)
    {
        if (document.Time < since) yield break;
        foreach (var service in document.Services) yield return new(service.Name, [.. Of(service)]);
        if (document.Flow is { } flow && flow.Time >= since)
            yield return new("stand", [.. flow.Streams.SelectMany(stream => Of(stream, group))]);
    }

    static IEnumerable<MeterReading> Of(ServiceFacts service)
    {
        var isRunning = service.State == ServiceFacts.Running ? 1 : 0;
        yield return new("millrace.service.running", MeterKind.Gauge, null, "1 while it runs, otherwise 0.", null, isRunning);
        yield return new("millrace.service.restarts", MeterKind.Counter, "{restart}", "How often it came back.", null, service.Restarts);
        if (service.Pid is null) yield break;
        yield return new("process.memory.usage", MeterKind.UpDownCounter, "By", "Memory of the process in RAM.", null, service.MemoryBytes);
    }

    static IEnumerable<MeterReading> Of(StreamStatus stream, string group)
    {
        Dictionary<string, string> ofTopic = new() { ["topic"] = stream.Topic };
        Dictionary<string, string> ofGroup = new() { ["topic"] = stream.Topic, ["group"] = group };
        Dictionary<string, string> ofStream = new() { ["stream"] = stream.Stream, ["table"] = stream.TargetTable };
        (string Name, MeterKind Kind, string? Unit, string Description, Dictionary<string, string> Tags, double? Value)[] all =
        [
            ("millrace.topic.log_end_offset_sum", MeterKind.Gauge, null, "Log end offsets of its partitions, added up.", ofTopic,
                stream.LogEndOffset),
            ("kafka.consumer_group.offset_sum", MeterKind.Gauge, null, "Committed offsets, added up.", ofGroup, stream.CommittedOffset),
            ("kafka.consumer_group.lag_sum", MeterKind.Gauge, null, "Records that ClickHouse has not committed.", ofGroup, stream.Lag),
            ("millrace.stream.lag.time", MeterKind.Gauge, "s", "How long the oldest of them has waited.", ofStream, stream.LagSeconds),
            ("millrace.stream.paused", MeterKind.Gauge, null, "1 while it is paused, otherwise 0.", ofStream,
                stream.Paused is { } isPaused ? (isPaused ? 1 : 0) : null),
            ("millrace.stream.rows", MeterKind.UpDownCounter, "{row}", "Rows in the stream's table.", ofStream, stream.Rows),
            ("millrace.stream.dead_letters", MeterKind.UpDownCounter, "{row}", "Records that became no row.", ofStream, stream.DeadLetters),
            ("millrace.stream.latency.50p", MeterKind.Gauge, "s", "From event to row, half of those of the last seconds.", ofStream,
                stream.LatencyP50 / 1000),
            ("millrace.stream.latency.99p", MeterKind.Gauge, "s", "From event to row, all but one in a hundred.", ofStream,
                stream.LatencyP99 / 1000),
        ];
        foreach (var one in all)
            if (one.Value is { } value) yield return new(one.Name, one.Kind, one.Unit, one.Description, one.Tags, value);
    }
}
