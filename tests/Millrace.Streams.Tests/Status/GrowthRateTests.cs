using Millrace.Streams.Status;

namespace Millrace.Streams.Tests.Status;

public sealed class GrowthRateTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_table_whose_flushes_are_longer_than_a_second_has_a_rate_that_stays()
    {
        var rate = Rate(flush: 1600);
        // 20 rows a second, of which each flush stores those of 1.6 s.
        var rates = Enumerable.Range(0, 40).Select(second => rate.Next(Start.AddSeconds(second), (long)(second / 1.6) * 32)).ToList();
        Assert.Null(rates[0]);
        Assert.All(rates[10..], one => Assert.InRange(one!.Value, 15, 25));
    }

    [Fact]
    public void A_table_whose_flushes_are_short_is_seen_to_stop_at_the_next_look()
    {
        var rate = Rate(flush: 200);
        Assert.Equal([null, 100, 100, 0], new long[] { 0, 100, 200, 200 }.Select((rows, second) => rate.Next(Start.AddSeconds(second), rows)));
        Assert.True(rate.IsStill);
    }

    [Fact]
    public void A_table_whose_flushes_are_long_stands_still_only_when_a_flush_brought_nothing()
    {
        var rate = Rate(flush: 1600);
        var still = new List<bool>();
        foreach (var (second, rows) in new (int, long)[] { (0, 0), (1, 32), (2, 32), (3, 32), (4, 64) })
        {
            rate.Next(Start.AddSeconds(second), rows);
            still.Add(rate.IsStill);
        }
        Assert.Equal([false, false, false, true, false], still);
    }

    [Fact]
    public void Rows_that_go_away_are_none_that_came()
    {
        var rate = Rate(flush: 1600);
        rate.Next(Start, 1000);
        Assert.Equal(10, rate.Next(Start.AddSeconds(1), 1010));
        Assert.Equal(5, rate.Next(Start.AddSeconds(2), 0));
        Assert.Equal(10, rate.Next(Start.AddSeconds(3), 20));
    }

    [Fact]
    public void What_nobody_knew_in_between_is_no_rate()
    {
        var rate = Rate(flush: 200);
        rate.Next(Start, 10);
        Assert.Null(rate.Next(Start.AddSeconds(1), null));
        Assert.Null(rate.Next(Start.AddSeconds(2), 30));
        Assert.Equal(5, rate.Next(Start.AddSeconds(3), 35));
    }

    static GrowthRate Rate(int flush) => new(TimeSpan.FromMilliseconds(flush));
}
