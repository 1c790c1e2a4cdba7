namespace Millrace.Meters;

/// <summary>
/// What a service has measured over all its processes: a counter goes on where that of the process before ended. OpenTelemetry asks it of
/// who says that all began at one time (a monotonic sum never falls, https://opentelemetry.io/docs/specs/otel/metrics/data-model/#sums).
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class ServiceCounters
{
    readonly Dictionary<(string Name, string Tags), MeterReading> _ended = []; // counters of processes that are gone, added up
    IReadOnlyList<MeterReading> _last = [];

    /// <summary>Of the process of now; empty until it has told of any.</summary>
    public IReadOnlyList<MeterReading> Readings => _last.Count == 0 || _ended.Count == 0 ? _last : [.. Together()];

    /// <summary>What the process of now measured last.</summary>
    public void Update(IReadOnlyList<MeterReading> readings) => _last = readings;

    /// <summary>Another process follows. What the one before measured after its last word is lost.</summary>
    public void BeginProcess()
    {
        foreach (var counter in _last.Where(reading => reading.Kind == MeterKind.Counter)) _ended[KeyOf(counter)] = WithEnded(counter);
        _last = [];
    }

    static (string Name, string Tags) KeyOf(MeterReading reading) =>
        (reading.Name, reading.Tags is { } tags ? string.Join('\n', tags.Select(tag => $"{tag.Key}={tag.Value}")) : "");

    /// <summary>A series that the process of now has not begun stays as it was.</summary>
    IEnumerable<MeterReading> Together()
    {
        var now = _last.Select(KeyOf).ToHashSet();
        return _last.Select(reading => reading.Kind == MeterKind.Counter ? WithEnded(reading) : reading)
            .Concat(_ended.Where(ended => !now.Contains(ended.Key)).Select(ended => ended.Value));
    }

    MeterReading WithEnded(MeterReading counter) =>
        _ended.TryGetValue(KeyOf(counter), out var ended) ? counter with { Value = counter.Value + ended.Value } : counter;
}
