using HdrHistogram;
using Millrace.Bench.Results;

namespace Millrace.Bench.Stands;

/// <summary>
/// How late rows were, in milliseconds: up to a day, three digits right (http://hdrhistogram.org). For one thread.
/// </summary>
sealed class LatencyHistogram
{
    /// <summary>A day.</summary>
    const long Longest = 86_400_000;

    const int SignificantDigits = 3;

    /// <summary>Between two points at which half of the rest lies.</summary>
    const int PointsPerHalf = 5;

    readonly LongHistogram _histogram = new(Longest, SignificantDigits);

    public long Count => _histogram.TotalCount;

    /// <param name="ms">The table's clock and the emitter's are one: what is below 0 is the rounding of either to milliseconds.</param>
    public void Add(long ms, long count) => _histogram.RecordValueWithCount(Math.Clamp(ms, 0, Longest), count);

    /// <param name="percentile">0 to 100.</param>
    public double At(double percentile) => Count == 0 ? 0 : _histogram.GetValueAtPercentile(percentile);

    /// <summary>How many were at most that late; those that may be later by a thousandth are not among them.</summary>
    public long CountUpTo(long ms) =>
        _histogram.RecordedValues().Where(step => step.ValueIteratedTo <= ms).Sum(step => step.CountAddedInThisIterationStep);

    public IReadOnlyList<PercentilePoint> Points() => Count == 0 ? [] :
    [
        .. _histogram.Percentiles(PointsPerHalf).Select(point => new PercentilePoint(
            Math.Round(point.PercentileLevelIteratedTo, 5), point.ValueIteratedTo, point.TotalCountToThisValue)),
    ];
}
