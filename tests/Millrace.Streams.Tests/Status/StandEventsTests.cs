using Millrace.Streams.Status;

namespace Millrace.Streams.Tests.Status;

public sealed class StandEventsTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    static readonly ServiceFacts Broker = new("broker", "running", 41, Now, 0, "127.0.0.1:9092", null, 1, 1);

    [Fact]
    public void Of_the_first_look_nothing_is_told() => Assert.Empty(StandEvents.Between(null, [Broker], null, new Dictionary<string, bool>(), Now));

    [Fact]
    public void A_service_that_stays_as_it_is_makes_no_mark() => Assert.Empty(Between(Broker, Broker with { CpuSeconds = 2 }));

    [Fact]
    public void A_kill_is_a_mark_with_its_reason_also_when_the_service_is_back_before_the_next_look()
    {
        var dead = Broker with { State = "restarting", Pid = null, Restarts = 1, LastExit = "killed (SIGKILL)" };
        Assert.Equal([("died", "killed (SIGKILL)")], Between(Broker, dead));
        var back = dead with { State = "running", Pid = 42 };
        Assert.Equal([("ready", "ready, pid 42")], Between(dead, back));
        Assert.Equal([("died", "killed (SIGKILL)"), ("ready", "ready, pid 42")], Between(Broker, back));
    }

    [Fact]
    public void A_restart_that_somebody_asked_for_shows_as_a_stop_and_a_start()
    {
        var stopped = Broker with { State = "stopped", Pid = null };
        Assert.Equal([("stopped", "stopped")], Between(Broker, stopped));
        Assert.Equal([("ready", "ready, pid 43")], Between(stopped, Broker with { Pid = 43 }));
    }

    [Fact]
    public void A_setup_that_ran_again_is_a_mark()
    {
        var setup = new ServiceFacts("setup", "finished", null, Now, 0, null, "exit code 0", 0, 0);
        var again = setup with { Since = Now.AddMinutes(1) };
        Assert.Equal([("setup", "finished")], Between(setup, again));
        Assert.Equal([("schema change", "finished")], Between(setup, again with { LastExit = "schema change" }));
    }

    [Fact]
    public void A_stream_that_is_paused_or_resumed_is_a_mark()
    {
        Assert.Equal([("paused", "orders")], Of(false, paused: true));
        Assert.Equal([("resumed", "orders")], Of(true, paused: false));
        Assert.Empty(Of(true, paused: true));
        Assert.Empty(Of(true, paused: null));
        Assert.Empty(Of(null, paused: true));

        static IEnumerable<(string, string)> Of(bool? before, bool? paused)
        {
            var known = before is { } last ? new Dictionary<string, bool> { ["orders"] = last } : [];
            var flow = new StandStatus(
                Now, null, null, [new("orders", "orders", "orders_table", 1, 0, 1, 0, 1, 0, 0, null, null) { Paused = paused }]);
            return StandEvents.Between(new StatusDocument("feed", 1, Now, null, null, null, [], []), [], flow, known, Now)
                .Select(what => (what.Kind, what.Subject));
        }
    }

    static IEnumerable<(string, string)> Between(ServiceFacts before, ServiceFacts now) =>
        StandEvents.Between(new StatusDocument("feed", 1, Now, null, null, null, [before], []), [now], null, new Dictionary<string, bool>(), Now)
            .Select(what => (what.Kind, what.Text));
}
