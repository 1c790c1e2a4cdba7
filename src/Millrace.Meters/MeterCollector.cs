using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Millrace.Meters;

/// <summary>
/// Adds up what the instruments of this process measure, from the moment it is made: those of the project, whose meters begin with
/// <c>Millrace.</c>, and those of .NET's runtime (https://learn.microsoft.com/dotnet/core/diagnostics/built-in-metrics-runtime).
/// </summary>
/// <remarks>Any thread may measure meanwhile; one at a time may read.</remarks>
public sealed class MeterCollector : IDisposable
{
    const string OwnPrefix = "Millrace.";

    /// <summary>Of System.Runtime: what tells how a service is; its other instruments are a profiler's.</summary>
    static readonly HashSet<string> OfRuntime =
    [
        "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set",
        "dotnet.gc.collections",
        "dotnet.gc.pause.time",
        "dotnet.gc.heap.total_allocated",
        "dotnet.exceptions",
    ];

    readonly MeterListener _listener = new();
    readonly ConcurrentQueue<InstrumentSeries> _instruments = new();
    readonly TimeProvider _time;

    public MeterCollector(TimeProvider time)
    {
        _time = time;
        _listener.InstrumentPublished = Take;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => Record(series, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, series) => Record(series, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => Record(series, value, tags));
        _listener.Start();
    }

    /// <summary>
    /// Every series as it is now. A histogram, which has to be one of seconds, becomes <c>.count</c> and <c>.sum</c>, as Prometheus names
    /// those of a summary, and <c>.50p</c> and <c>.99p</c>, as OpenTelemetry names those of Kafka's requests
    /// (https://github.com/open-telemetry/opentelemetry-java-instrumentation, kafka-broker.md). The quantiles are those of the last half to
    /// whole minute.
    /// </summary>
    /// <remarks>An observable instrument that throws is left as it was: whoever reads goes on, and so do the others.</remarks>
    public IReadOnlyList<MeterReading> Read()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // All were asked, as the remark says: .NET throws afterwards what each of them threw.
        }
        return [.. _instruments.SelectMany(instrument => instrument.Read())];
    }

    public void Dispose() => _listener.Dispose();

    static void Record(object? series, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((InstrumentSeries)series!).Record(value, tags);

    void Take(Instrument instrument, MeterListener listener)
    {
        var isOurs = instrument.Meter.Name.StartsWith(OwnPrefix, StringComparison.Ordinal);
        if (!isOurs && !(instrument.Meter.Name == "System.Runtime" && OfRuntime.Contains(instrument.Name))) return;
        if (InstrumentSeries.Of(instrument, _time) is not { } series) return;
        _instruments.Enqueue(series);
        listener.EnableMeasurementEvents(instrument, series);
    }
}
