using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Millrace.Meters;

/// <summary>What one instrument of this process has measured, by its tags. Any thread may record; one at a time may read.</summary>
/// <param name="kind">What a value of it is; null where it measures durations, which are read as values of several kinds.</param>
sealed class InstrumentSeries(Instrument instrument, MeterKind? kind, TimeProvider time)
{
    readonly ConcurrentDictionary<(string Names, string Values), Series> _series = new();

    /// <summary>Each value is the whole, as an observable instrument and a gauge give it; otherwise it is added.</summary>
    readonly bool _replaces = instrument.IsObservable || kind == MeterKind.Gauge;

    /// <summary>null for an instrument of a kind that nobody here reports.</summary>
    public static InstrumentSeries? Of(Instrument instrument, TimeProvider time) => instrument switch
    {
        Counter<long> or Counter<int> or Counter<double> => new(instrument, MeterKind.Counter, time),
        ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double> => new(instrument, MeterKind.Counter, time),
        UpDownCounter<long> or UpDownCounter<int> or UpDownCounter<double> => new(instrument, MeterKind.UpDownCounter, time),
        ObservableUpDownCounter<long> or ObservableUpDownCounter<int> or ObservableUpDownCounter<double> =>
            new(instrument, MeterKind.UpDownCounter, time),
        Gauge<long> or Gauge<int> or Gauge<double> => new(instrument, MeterKind.Gauge, time),
        ObservableGauge<long> or ObservableGauge<int> or ObservableGauge<double> => new(instrument, MeterKind.Gauge, time),
        Histogram<double> or Histogram<long> or Histogram<int> when instrument.Unit == "s" => new(instrument, kind: null, time),
        _ => null,
    };

    /// <param name="value">One that is no number, or infinite, is left out: JSON has none, and a sum would never be rid of it.</param>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!double.IsFinite(value)) return;
        var series = Find(tags);
        if (series.Durations is { } durations) durations.Record(value);
        else if (_replaces) series.Set(value);
        else series.Add(value);
    }

    public IEnumerable<MeterReading> Read() =>
        _series.Values.SelectMany(series => series.Durations is { } durations
            ? durations.Read(instrument.Name, instrument.Description, series.Tags)
            : [new MeterReading(instrument.Name, kind!.Value, instrument.Unit, instrument.Description, series.Tags, series.Value)]);

    Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // What is measured often has one tag, a text: its key is made of nothing new.
        var key = tags switch
        {
            [] => ("", ""),
            [{ Key: var name, Value: string value }] => (name, value),
            _ => KeyOf(tags.ToArray()),
        };
        return _series.TryGetValue(key, out var known) ? known : _series.GetOrAdd(key, Begin(tags));
    }

    static (string Names, string Values) KeyOf(KeyValuePair<string, object?>[] tags) =>
        (string.Join('\n', tags.Select(tag => tag.Key)), string.Join('\n', tags.Select(tag => tag.Value)));

    Series Begin(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, string>? texts = null;
        foreach (var (name, value) in tags) (texts ??= [])[name] = value?.ToString() ?? "";
        return new Series(texts, kind is null ? new DurationSeries(time) : null);
    }

    sealed class Series(IReadOnlyDictionary<string, string>? tags, DurationSeries? durations)
    {
        double _value;

        public IReadOnlyDictionary<string, string>? Tags => tags;

        public DurationSeries? Durations => durations;

        public double Value => Volatile.Read(ref _value);

        public void Set(double value) => Volatile.Write(ref _value, value);

        public void Add(double value)
        {
            double seen;
            do seen = Volatile.Read(ref _value);
            while (Interlocked.CompareExchange(ref _value, seen + value, seen) != seen);
        }
    }
}
