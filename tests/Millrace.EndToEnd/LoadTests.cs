using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>The emitter as load: what is asked of it while it runs, and what it says of it.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task The_rate_of_a_stand_that_runs_is_changed_told_and_kept_through_a_restart_of_the_emitter()
    {
        await using var stand = new Stand();
        Assert.Contains("No stand is up", (await stand.RunAsync("rate", "5")).Expect(3).Error, StringComparison.Ordinal);
        Assert.Contains("whole number of events a second", (await stand.RunAsync("rate", "1.5")).Expect(2).Error, StringComparison.Ordinal);
        await stand.UpAsync("--rate", "100");

        var changed = (await stand.RunAsync("rate", "700", "-o", "json")).Expect(0).Json;
        Assert.Equal(
            (100, 700),
            (changed.GetProperty("was").GetProperty("events_per_second").GetInt32(),
                changed.GetProperty("is").GetProperty("events_per_second").GetInt32()));
        Assert.Equal("The emitter makes 700 events/s.\n", (await stand.RunAsync("rate")).Expect(0).Output);
        await TargetAsync(stand, 700);
        (await stand.RunAsync("restart", "emitter")).Expect(0);
        await TargetAsync(stand, 700);
        var back = (await stand.RunAsync("rate", "50")).Expect(0).Output;
        Assert.Equal("The emitter makes 50 events/s from now on; it was 700 events/s.\n", back);
        await TargetAsync(stand, 50);
    }

    [Fact]
    public async Task The_audit_of_a_stand_with_malformed_events_is_clean_and_its_dead_letters_are_those_that_the_emitter_counts()
    {
        await using var stand = new Stand();
        var shares = "--late 0.1 --duplicates 0.1 --hot-key 0.3 --malformed 0.2".Split(' ');
        await stand.UpAsync([.. shares, "--rate-profile", "steps 500,1500 every 2s"]);
        await Eventually.Holds(
            async () => await EmitterAsync(stand) is { } emitter && emitter.GetProperty("malformed").GetInt64() > 500,
            "events are malformed", TimeSpan.FromMinutes(2));
        var ended = (await stand.RunAsync("rate", "800", "--malformed", "1")).Expect(0).Output;
        Assert.Contains("by the profile 'steps 500,1500 every 2s'", ended, StringComparison.Ordinal);
        Assert.Contains("--malformed is '2'", (await stand.RunAsync("rate", "--malformed", "2")).Expect(2).Error, StringComparison.Ordinal);
        await TargetAsync(stand, 800);
        var good = (await stand.RunAsync("rate", "1", "--malformed", "0", "-o", "json")).Expect(0).Json.GetProperty("is");
        Assert.Equal((1, 0, 0.1), (
            good.GetProperty("events_per_second").GetInt32(), good.GetProperty("shares").GetProperty("malformed").GetDouble(),
            good.GetProperty("shares").GetProperty("late").GetDouble()));

        // From here on all are good: what was malformed is acknowledged soon, and counts no further.
        await TargetAsync(stand, 1);
        var (totals, malformed) = await Eventually.Gives(
            async () => (Totals: await stand.TotalsAsync(), Malformed: await MalformedAsync(stand)),
            both => both.Totals.NotYetRead == 0 && both.Totals.DeadLetters == both.Malformed,
            "as many dead letters as malformed events", TimeSpan.FromMinutes(3));
        Assert.True(malformed > 500);
        Assert.Equal((0, 0L, 0L), (totals.ExitCode, totals.Missing, totals.StoredTwice));
        Assert.Equal(totals.Records, totals.Rows + totals.DeadLetters);
        Assert.Equal(0L, await stand.CountAsync("orders_table WHERE event_time > now() + 1"));
        Assert.True(await stand.CountAsync("orders_table WHERE event_time < now() - 3000") > 0);
    }

    static async Task<long> MalformedAsync(Stand stand) => (await EmitterAsync(stand))?.GetProperty("malformed").GetInt64() ?? -1;

    static Task TargetAsync(Stand stand, int perSecond) => Eventually.Holds(
        async () => await EmitterAsync(stand) is { } emitter && emitter.GetProperty("target_per_second").GetInt32() == perSecond,
        $"ps tells {perSecond} events/s");

    /// <summary>Its last second, as <c>ps</c> tells it; null while it has told of none.</summary>
    static async Task<JsonElement?> EmitterAsync(Stand stand)
    {
        var emitter = (await stand.RunAsync("ps", "-o", "json")).Expect(0).Json.GetProperty("emitter");
        return emitter.ValueKind == JsonValueKind.Null ? null : emitter;
    }
}
