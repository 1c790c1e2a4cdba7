using Millrace.Streams.Events;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

public sealed class ScheduleTests
{
    readonly FakeClock _time = new();

    [Fact]
    public void Events_are_due_at_even_times_however_late_they_are_made()
    {
        var start = _time.GetUtcNow();
        var schedule = new Schedule(1000, _time);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(5001, schedule.Due);
        for (var i = 0; i < 5001; i++, schedule.Made()) Assert.Equal(start.AddMilliseconds(i), schedule.Next);
        Assert.Equal(0, schedule.Due);
    }

    [Fact]
    public void Nothing_that_fell_due_in_a_long_pause_is_left_out()
    {
        var schedule = new Schedule(10, _time);
        for (var i = 0; i < 5; i++) schedule.Made();
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(6001 - 5, schedule.Due);
    }

    [Fact]
    public void An_event_of_a_schedule_carries_the_time_at_which_it_was_due()
    {
        var catalog = Streams.Definition.StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));
        var source = new EventSource(catalog.Streams, seed: 1, _time);
        var due = _time.GetUtcNow().AddSeconds(-3);

        var made = source.Next(due);

        using var json = System.Text.Json.JsonDocument.Parse(made.Value);
        Assert.Equal(due, json.RootElement.GetProperty("event_time").GetDateTimeOffset());
    }
}
