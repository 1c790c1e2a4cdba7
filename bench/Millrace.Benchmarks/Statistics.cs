namespace Millrace.Benchmarks;

static class Statistics
{
    /// <summary>The middle one, or the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> figures)
    {
        var ordered = figures.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }
}
