using Millrace.Cli.Documents;

namespace Millrace.Cli.Tests.Drills;

public class DrillVerdictTests
{
    const string Late = "Not all that was acknowledged was read 60 s after the last event.";

    [Fact]
    public void A_drill_of_several_has_what_came_of_it_alone()
    {
        var first = Verdict(Late) with { Acknowledged = 100, Stored = 98, Lost = 2 };
        var second = Verdict(Late) with { Acknowledged = 250, Stored = 248, Lost = 2 };

        var own = second.Since(first);

        Assert.Equal((150L, 150L, 0L), (own.Acknowledged, own.Stored, own.Lost));
        Assert.True(own.Passed);
    }

    [Fact]
    public void A_drill_that_fails_as_the_one_before_it_did_has_failed()
    {
        Assert.Equal([Late], Verdict(Late, Late).Since(Verdict(Late)).Sentences);
        Assert.False(Verdict(Late, Late).Since(Verdict(Late)).Passed);
    }

    [Fact]
    public void What_follows_a_drill_that_could_not_be_judged_is_counted_all_the_same()
    {
        var unjudged = Verdict("What became of the events is not known.");

        var own = (Verdict() with { Acknowledged = 50, Lost = 0 }).Since(unjudged.WithoutCounts with { Sentences = [] });

        Assert.Equal((50L, 0L), (own.Acknowledged, own.Lost));
    }

    static DrillVerdict Verdict(params string[] sentences) => new("drill", DateTimeOffset.UnixEpoch, [], sentences);
}
