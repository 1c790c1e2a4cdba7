using HdrHistogram;

namespace Millrace.Meters;

/// <summary>
/// Durations of one series: how many and how long in all since the process began, and the quantiles of the last half to whole minute, in
/// which short trouble shows and is forgotten. To 1 %, from a microsecond to ten minutes; a longer one counts as ten minutes.
/// </summary>
/// <remarks>Any thread may record. One at a time may read, which moves the minute on.</remarks>
sealed class DurationSeries
{
    const long LongestMicroseconds = 600_000_000;
    const int SignificantDigits = 2;

    static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    readonly Recorder _recorder = HistogramFactory.With64BitBucketSize()
        .WithValuesUpTo(LongestMicroseconds).WithPrecisionOf(SignificantDigits).WithThreadSafeWrites().WithThreadSafeReads().Create();

    readonly TimeProvider _time;
    HistogramBase _window = NewHistogram(); // since the half minute before this one began
    HistogramBase _half = NewHistogram(); // since this one began: the next window
    HistogramBase? _interval;
    long _halfSince;
    long _count;
    long _microseconds;

    public DurationSeries(TimeProvider time) => (_time, _halfSince) = (time, time.GetTimestamp());

    public void Record(double seconds)
    {
        var microseconds = Math.Clamp((long)(seconds * 1_000_000), 0, LongestMicroseconds);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _microseconds, microseconds);
        _recorder.RecordValue(microseconds);
    }

    /// <summary>Reads all of them. Quantiles are missing where the minute has none.</summary>
    /// <param name="name">Of the instrument: each reading adds what it tells.</param>
    public IEnumerable<MeterReading> Read(string name, string? description, IReadOnlyDictionary<string, string>? tags)
    {
        yield return new($"{name}.count", MeterKind.Counter, null, description, tags, Interlocked.Read(ref _count));
        yield return new($"{name}.sum", MeterKind.Counter, "s", description, tags, Interlocked.Read(ref _microseconds) / 1e6);
        _interval = _recorder.GetIntervalHistogram(_interval);
        _window.Add(_interval);
        _half.Add(_interval);
        if (_window.TotalCount > 0)
        {
            yield return new($"{name}.50p", MeterKind.Gauge, "s", description, tags, _window.GetValueAtPercentile(50) / 1e6);
            yield return new($"{name}.99p", MeterKind.Gauge, "s", description, tags, _window.GetValueAtPercentile(99) / 1e6);
        }
        if (_time.GetElapsedTime(_halfSince) >= Half) Advance();
    }

    void Advance()
    {
        (_window, _half) = (_half, _window);
        _half.Reset();
        _halfSince = _time.GetTimestamp();
    }

    static LongHistogram NewHistogram() => new(LongestMicroseconds, SignificantDigits);
}
