using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupTimerTests
{
    readonly FakeClock _clock = new();
    readonly CollectingLogger _log = new();

    [Fact]
    public void A_deadline_that_fails_is_logged_with_its_group_and_the_next_one_is_kept()
    {
        using var timer = new Group("g", _clock, _log).NewTimer();
        timer.Set(TimeSpan.FromSeconds(1), () => throw new InvalidOperationException("out of step"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a deadline of group g failed; the broker goes on out of step"], _log.Warnings);

        var kept = false;
        timer.Set(TimeSpan.FromSeconds(1), () => kept = true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(kept);
    }
}
