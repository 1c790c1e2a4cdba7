using Millrace.Bench.Options;
using Millrace.Bench.Results;
using Millrace.Bench.Scenarios;
using Millrace.Bench.Stands;

namespace Millrace.Bench.Tests;

public sealed class MeasuringTests
{
    [Fact]
    public void A_histogram_gives_percentiles_within_a_thousandth_and_forgets_no_row()
    {
        var late = new LatencyHistogram();
        for (var ms = 1; ms <= 100_000; ms++) late.Add(ms, 1);
        late.Add(-1, 1);
        late.Add(long.MaxValue, 1);

        Assert.Equal(100_002, late.Count);
        Assert.InRange(late.At(50), 49_900, 50_100);
        Assert.InRange(late.At(99), 98_900, 99_200);
        Assert.InRange(late.At(100), 86_300_000, 86_500_000);
        Assert.InRange(late.CountUpTo(1000), 1000, 1002);
        Assert.Equal(100, late.Points()[^1].Percentile);
        Assert.Equal(late.Count, late.Points()[^1].Count);
    }

    [Fact]
    public void A_histogram_without_rows_has_no_points() => Assert.Empty(new LatencyHistogram().Points());

    [Theory]
    [InlineData(0, false)] // flat, but for what comes and goes
    [InlineData(5, false)] // half a percent of 1,000 a second
    [InlineData(50, true)]
    public void Lag_that_rises_all_the_time_is_told_from_one_that_comes_and_goes(int perSecond, bool isBehind)
    {
        var points = Enumerable.Range(0, 60).Select(i => new TimelinePoint(
            i, 1000, 1000, 200 + i % 2 * 150 + i * perSecond, new Dictionary<string, double>()));

        Assert.Equal(isBehind, SustainTrial.WhyBehind([.. points], rate: 1000) is not null);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("60s", 60.0)]
    [InlineData("2m", 120.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 0.0)]
    [InlineData("s", null)]
    [InlineData("-1s", null)]
    [InlineData("", null)]
    [InlineData("100h", null)]
    public void A_time_is_read_as_people_write_it(string text, double? seconds) =>
        Assert.Equal(seconds, Durations.Parse(text)?.TotalSeconds);

    [Fact]
    public void Every_combination_of_what_is_varied_is_measured()
    {
        var options = new BenchOptions { Vary = [("linger-ms", ["0", "5"]), ("acks", ["all", "1"])] };

        Assert.Equal(
            ["linger-ms=0 acks=all", "linger-ms=0 acks=1", "linger-ms=5 acks=all", "linger-ms=5 acks=1"],
            options.Variants.Select(variant => string.Join(' ', variant.Select(setting => $"{setting.Key}={setting.Value}"))));
        Assert.Empty(Assert.Single(new BenchOptions().Variants));
    }

    [Fact]
    public void The_machine_says_what_it_is()
    {
        var machine = ThisMachine.Facts();
        Assert.True(machine.Cores > 0);
        Assert.True(machine.MemoryBytes > 100_000_000);
        Assert.False(string.IsNullOrEmpty(machine.Kernel));
    }
}
