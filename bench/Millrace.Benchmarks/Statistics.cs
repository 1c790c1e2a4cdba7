namespace Millrace.Benchmarks;

static class Statistics
{
    /// <summary>The middle one, or the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> figures)
    {
        var ordered = figures.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }

    /// <summary>The smallest figure that so many percent of all, or more, do not exceed.</summary>
    public static double Percentile(IEnumerable<double> figures, int percent)
    {
        var ordered = figures.Order().ToList();
        return ordered[Math.Max(0, (ordered.Count * percent + 99) / 100 - 1)];
    }
}
