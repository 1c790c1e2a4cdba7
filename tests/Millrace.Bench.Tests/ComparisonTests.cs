using Millrace.Bench.Comparing;
using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Testing;

namespace Millrace.Bench.Tests;

public sealed class ComparisonTests : IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ComparedMetric.Worse, true, 400.0, 410.0, 420.0, 430.0)]
    [InlineData(ComparedMetric.Better, false, 200.0, 210.0, 220.0, 230.0)]
    [InlineData(ComparedMetric.Same, false, 310.0, 400.0, 410.0, 420.0)]
    [InlineData(ComparedMetric.TooFew, false, 900.0, 910.0)]
    [InlineData(ComparedMetric.Unknown, false, 900.0)]
    public void Spreads_that_do_not_touch_are_a_difference_unless_that_may_be_chance(string verdict, bool isWorse, params double[] after)
    {
        var comparison = Comparison.Of(Example.Results(Example.Latency(300, 302, 305, 310)), Example.Results(Example.Latency(after)));

        var metric = Assert.Single(comparison.Metrics);
        Assert.Equal((verdict, Metric.P99), (metric.Verdict, metric.Metric));
        Assert.Equal(isWorse, comparison.AnyIsWorse);
        Assert.Empty(comparison.Differences);
    }

    [Fact]
    public void More_is_better_where_it_is_a_rate()
    {
        Assert.Equal(ComparedMetric.Better, Judge(Metric.DrainRate, 200_000, 250_000));
        Assert.Equal(ComparedMetric.Worse, Judge(Metric.HeldRate, 100_000, 90_000));

        static string Judge(string metric, double before, double after) => ComparedMetric.Of(
            "", Metric.Named(metric), new Summary(before, before, before, 4), new Summary(after, after, after, 4)).Verdict;
    }

    [Fact]
    public void What_has_no_counterpart_and_what_differs_around_it_is_told()
    {
        var before = Example.Results(Example.Latency("1000", 1), Example.Latency("2000", 1));
        var after = Example.Results(Example.Latency("1000", 1), Example.Latency("5000", 1)) with
        {
            Machine = new MachineFacts("Another CPU", 2, 8_000_000_000, "6.1.0", "Linux"),
        };

        var comparison = Comparison.Of(before, after);

        Assert.Equal(["latency, rate 2000"], comparison.OnlyInA);
        Assert.Equal(["latency, rate 5000"], comparison.OnlyInB);
        Assert.StartsWith("machine: Some CPU, 2 cores", Assert.Single(comparison.Differences), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_are_read_as_they_were_written()
    {
        var results = Example.Results(Example.Latency(300, 310, 320));
        File.WriteAllText(_folder.Sub("a.json"), BenchJson.Text(results));

        var read = Comparison.Read(_folder.Sub("a.json"));

        Assert.Equal(BenchJson.Text(results), BenchJson.Text(read));
        Assert.Equal(new Summary(310, 300, 320, 3), read.Measurements[0].Summary[Metric.P99]);
    }

    [Theory]
    [InlineData("{}", "is no file of results: bench writes them as results.json")]
    [InlineData("not json", "is no file of results: bench writes them as results.json")]
    [InlineData(null, "can't be read (Could not find file")]
    public void What_is_no_file_of_results_is_refused_in_one_sentence(string? text, string sentence)
    {
        if (text is not null) File.WriteAllText(_folder.Sub("a.json"), text);
        var refused = Assert.Throws<BenchRefusedException>(() => Comparison.Read(_folder.Sub("a.json")));
        Assert.StartsWith($"{_folder.Sub("a.json")} {sentence}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_a_later_version_are_refused()
    {
        File.WriteAllText(_folder.Sub("a.json"), BenchJson.Text(Example.Results() with { Version = BenchResults.CurrentVersion + 1 }));
        var refused = Assert.Throws<BenchRefusedException>(() => Comparison.Read(_folder.Sub("a.json")));
        Assert.EndsWith("was written by a later millrace: compare with that", refused.Message, StringComparison.Ordinal);
    }
}
