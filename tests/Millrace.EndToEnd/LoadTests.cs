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
