using Millrace.Page.Feed;
using Millrace.Page.Stand;

namespace Millrace.Page.Tests;

public sealed class LogEventsTests
{
    [Fact]
    public void A_batch_keeps_the_last_lines_and_says_how_many_it_left_out()
    {
        var batch = LogEvents.BatchOf([.. Enumerable.Range(0, LogEvents.MostLines + 7).Select(i => Line($"line {i}"))]);

        Assert.Equal(7, batch.Skipped);
        Assert.Equal(LogEvents.MostLines, batch.Lines.Count);
        Assert.Equal("line 7", batch.Lines[0].Text);
    }

    [Fact]
    public void Of_a_line_that_is_too_long_only_the_beginning_is_sent()
    {
        var batch = LogEvents.BatchOf([Line("short"), Line(new string('x', 1_000_000))]);

        Assert.Equal("short", batch.Lines[0].Text);
        Assert.Equal(new string('x', LogEvents.LongestText) + " ...", batch.Lines[1].Text);
    }

    static ServiceLogLine Line(string text) => new("broker", DateTimeOffset.UnixEpoch, "info", text);
}
