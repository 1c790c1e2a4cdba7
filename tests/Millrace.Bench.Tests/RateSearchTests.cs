using Millrace.Bench.Scenarios;

namespace Millrace.Bench.Tests;

/// <summary>A machine here is what it holds in a short trial and in a whole one.</summary>
public sealed class RateSearchTests
{
    readonly List<(int Rate, bool IsWhole, bool IsHeld)> _trials = [];

    [Theory]
    [InlineData(150_000)]
    [InlineData(8_000)]
    [InlineData(9_000)]
    [InlineData(700)]
    [InlineData(3)]
    public async Task The_highest_rate_is_found_within_a_tenth_and_was_held_in_a_whole_trial(int capacity)
    {
        var (held, failed) = await SearchAsync(capacity, capacity);

        Assert.True(held <= capacity);
        Assert.True(failed > capacity);
        // Whole numbers lie further apart than a tenth down there.
        Assert.True(failed <= Math.Max(held * 1.12, held + 1), $"{held} to {failed}");
        Assert.Contains((held, true, true), _trials);
    }

    [Fact]
    public async Task What_is_held_for_a_short_time_only_is_not_called_held()
    {
        var (held, failed) = await SearchAsync(whole: 30_000, brief: 500_000);

        Assert.InRange(held, 25_000, 30_000);
        Assert.True(failed > 30_000);
        Assert.Contains((held, true, true), _trials);
    }

    [Fact]
    public async Task A_search_among_few_events_a_second_ends()
    {
        Assert.Equal((3, 4), await SearchAsync(whole: 3, brief: 5, highest: 5));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(20_000)]
    public async Task No_rate_above_the_highest_that_is_wanted_is_tried_and_that_one_is(int highest)
    {
        Assert.Equal((highest, null), await SearchAsync(1_000_000, 1_000_000, highest));
        Assert.Equal(highest, _trials.Max(trial => trial.Rate));
    }

    [Fact]
    public async Task A_machine_that_holds_nothing_is_told_so()
    {
        Assert.Equal((0, 1), await SearchAsync(0, 0));
        Assert.DoesNotContain(_trials, trial => trial.IsHeld);
    }

    Task<(int Held, int? Failed)> SearchAsync(int whole, int brief, int highest = 10_000_000) => new RateSearch(highest, (rate, isWhole) =>
    {
        var isHeld = rate <= (isWhole ? whole : brief);
        _trials.Add((rate, isWhole, isHeld));
        return Task.FromResult(isHeld);
    }).RunAsync();
}
