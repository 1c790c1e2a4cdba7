using Millrace.Streams.Status;

namespace Millrace.Streams.Tests.Status;

public sealed class LagAgeTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    readonly LagAge _age = new();

    [Fact]
    public void Without_a_lag_nothing_waits() => Assert.Equal(0, Look(0, end: 100, lag: 0));

    [Fact]
    public void A_record_that_was_there_before_the_first_look_has_an_age_that_nobody_knows() => Assert.Null(Look(0, end: 100, lag: 10));

    [Fact]
    public void The_oldest_record_that_waits_came_when_the_topic_s_end_passed_it()
    {
        Look(0, end: 0, lag: 0);
        Look(1, end: 100, lag: 100);
        Look(2, end: 200, lag: 200);
        Assert.Equal(3, Look(3, end: 300, lag: 300));
        // Half of what came in the second second is stored.
        Assert.Equal(2.5, Look(4, end: 400, lag: 250));
        Assert.Equal(0, Look(5, end: 400, lag: 0));
    }

    [Fact]
    public void A_consumer_that_stands_still_grows_older_although_nothing_comes()
    {
        Look(0, end: 0, lag: 0);
        Look(1, end: 10, lag: 10);
        Assert.Equal(60, Look(60, end: 10, lag: 10));
    }

    [Fact]
    public void A_topic_that_was_made_anew_begins_anew()
    {
        Look(0, end: 500, lag: 0);
        Assert.Null(Look(1, end: 20, lag: 20));
        Assert.Equal(0, Look(2, end: 20, lag: 0));
        Assert.Equal(1, Look(3, end: 40, lag: 20));
    }

    double? Look(int second, long end, long lag) => _age.Look(Start.AddSeconds(second), end, lag);
}
