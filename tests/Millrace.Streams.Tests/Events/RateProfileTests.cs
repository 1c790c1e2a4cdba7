using Millrace.Streams.Events;
using Millrace.Streams.Rates;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

public class RateProfileTests
{
    /// <summary>Events that are due from the beginning to so many seconds later, worked out by hand.</summary>
    public static TheoryData<string, double, double> Integrals => new()
    {
        { "ramp 1000..20000 over 60s", 60, 60 * 10_500 },
        { "ramp 1000..20000 over 60s", 30, (30 * 1000) + (30 * 9500 / 2) },
        { "ramp 1000..20000 over 60s", 70, (60 * 10_500) + (10 * 20_000) },
        { "ramp 2000..0 over 20s", 50, 20_000 },
        { "steps 1000,2000,5000 every 30s", 45, 30_000 + 30_000 },
        { "steps 1000,2000,5000 every 30s", 100, 30_000 + 60_000 + (40 * 5000) },
        { "steps 700 every 10ms", 20, 14_000 },
        { "sine 500..5000 over 1m", 60, 60 * 2750 },
        { "sine 500..5000 over 1m", 150, (150 * 2750) },
        { "sine 500..5000 over 1m", 15, (15 * 2750) - (2250 * 60 / (2 * Math.PI)) },
        { "bursts 20000 for 2s every 30s at 500", 30, 40_000 + (28 * 500) },
        { "bursts 20000 for 2s every 30s at 500", 61, (2 * (40_000 + (28 * 500))) + 20_000 },
        { "bursts 3000 for 500ms every 10s at 0", 25, 3 * 1500 },
    };

    [Theory]
    [MemberData(nameof(Integrals))]
    public void The_events_of_all_slices_of_a_time_are_the_integral_of_the_rate(string text, double seconds, double expected)
    {
        var time = new FakeClock();
        var pacer = new Pacer(RateProfile.Parse(text)!, TimeSpan.Zero, time);
        var made = 0;
        for (var i = 0; i < seconds * 100; i++)
        {
            time.Advance(Pacer.Slice);
            var due = pacer.Due();
            pacer.Made(due);
            made += due;
        }
        Assert.InRange(made, expected - 1.001, expected + 0.001);
    }

    [Theory]
    [MemberData(nameof(Integrals))]
    public void What_is_due_by_a_moment_is_the_sum_of_the_rates_before_it(string text, double seconds, double expected)
    {
        const int Steps = 100_000;
        var profile = RateProfile.Parse(text)!;
        Assert.Equal(expected, profile.DueBy(seconds), tolerance: 0.001);
        var sum = Enumerable.Range(0, Steps).Sum(step => profile.At((step + 0.5) * seconds / Steps)) * seconds / Steps;
        // The sum is not exact at the edges of steps and bursts.
        Assert.InRange(sum, expected * 0.999, expected * 1.001);
    }

    [Fact]
    public void An_emitter_that_comes_back_goes_on_in_the_midst_of_its_profile()
    {
        var time = new FakeClock();
        var pacer = new Pacer(RateProfile.Parse("steps 1000,2000 every 10s")!, TimeSpan.FromSeconds(15), time);
        Assert.Equal(2000, pacer.PerSecond);
        time.Advance(Pacer.Slice);
        Assert.Equal(20, pacer.Due());
    }

    [Fact]
    public void After_a_pause_over_the_end_of_a_burst_what_the_burst_still_owes_comes_at_no_more_than_twice_its_rate()
    {
        var time = new FakeClock();
        var pacer = new Pacer(RateProfile.Parse("bursts 1000 for 1s every 10s at 0")!, TimeSpan.Zero, time);
        var made = new List<int>();
        for (var i = 0; i < 90; i++) Slice(Pacer.Slice);
        Slice(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 200; i++) Slice(Pacer.Slice);
        Assert.Equal(1000, made.Sum());
        Assert.All(made, due => Assert.InRange(due, 0, 100));

        void Slice(TimeSpan length)
        {
            time.Advance(length);
            made.Add(pacer.Due());
            pacer.Made(made[^1]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("5000")]
    [InlineData("rump 1..2 over 5s")]
    [InlineData("constant 5000")]
    public void What_is_no_profile_is_told_all_that_there_are(string text)
    {
        Assert.Null(RateProfile.Parse(text));
        Assert.Equal(
            "ramp A..B over TIME; steps A,B,... every TIME; sine A..B over TIME; bursts A for TIME every LONGER TIME at B; "
                + "rates are from 0 to 10000000 events/s, times from 10ms to 366d",
            RateProfile.Allowed(text));
    }

    [Theory]
    [InlineData("ramp 1000..20000", "ramp A..B over TIME, as in ramp 1000..20000 over 60s")]
    [InlineData("ramp 1000 20000 over 60s", "ramp A..B over TIME, as in ramp 1000..20000 over 60s")]
    [InlineData("ramp -1..5 over 60s", "ramp A..B over TIME, as in ramp 1000..20000 over 60s")]
    [InlineData("ramp 1..10000001 over 60s", "ramp A..B over TIME, as in ramp 1000..20000 over 60s")]
    [InlineData("ramp 1..2 over 60", "ramp A..B over TIME, as in ramp 1000..20000 over 60s")]
    [InlineData("ramp 1..2 over 1ms", "ramp A..B over TIME, as in ramp 1000..20000 over 60s")]
    [InlineData("sine 1..2 over 400d", "sine A..B over TIME, as in sine 500..5000 over 24h")]
    [InlineData("steps every 5s", "steps A,B,... every TIME, as in steps 1000,2000,5000 every 30s")]
    [InlineData("steps 1,,2 every 5s", "steps A,B,... every TIME, as in steps 1000,2000,5000 every 30s")]
    [InlineData("bursts 5 for 30s every 30s at 1", "bursts A for TIME every LONGER TIME at B, as in bursts 20000 for 2s every 30s at 500")]
    [InlineData("bursts 5 for 2s every 30s", "bursts A for TIME every LONGER TIME at B, as in bursts 20000 for 2s every 30s at 500")]
    public void A_profile_that_is_wrong_is_told_how_its_kind_is_written(string text, string shape)
    {
        Assert.Null(RateProfile.Parse(text));
        Assert.Equal($"{shape}; rates are from 0 to 10000000 events/s, times from 10ms to 366d", RateProfile.Allowed(text));
        var error = Assert.Throws<EmitterOptionException>(
            () => EmitterOptions.FromEnvironment(name => name == "EMITTER_RATE_PROFILE" ? text : null));
        Assert.Equal($"EMITTER_RATE_PROFILE is '{text}'; it must be {RateProfile.Allowed(text)}", error.Message);
    }
}
