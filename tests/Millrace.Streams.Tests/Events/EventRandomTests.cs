using Millrace.Streams.Events;

namespace Millrace.Streams.Tests.Events;

public class EventRandomTests
{
    [Fact]
    public void One_seed_gives_one_sequence()
    {
        var (one, same, other) = (new EventRandom(7), new EventRandom(7), new EventRandom(8));

        var numbers = Enumerable.Range(0, 100).Select(_ => one.Next()).ToList();

        Assert.Equal(numbers, Enumerable.Range(0, 100).Select(_ => same.Next()));
        Assert.NotEqual(numbers, Enumerable.Range(0, 100).Select(_ => other.Next()));
    }

    [Fact]
    public void A_bound_is_exclusive_and_all_below_it_come()
    {
        var random = new EventRandom(1);

        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 1000).Select(_ => random.Below(5)).Distinct().Order());
    }

    [Fact]
    public void A_uuid_is_of_version_4()
    {
        var random = new EventRandom(1);

        var uuids = Enumerable.Range(0, 1000).Select(_ => random.Uuid()).ToList();

        Assert.All(uuids, uuid => Assert.Equal((4, true), (uuid.Version, uuid.Variant is >= 8 and <= 11)));
        Assert.Equal(1000, uuids.Distinct().Count());
    }

    [Fact]
    public void Weights_decide_how_often_each_is_picked()
    {
        var random = new EventRandom(1);
        var picker = new WeightedPicker([70, 0, 25, 5]);

        var counts = Enumerable.Range(0, 100_000).Select(_ => picker.Pick(random)).CountBy(i => i).ToDictionary();

        Assert.InRange(counts[0], 69_000, 71_000);
        Assert.False(counts.ContainsKey(1));
        Assert.InRange(counts[2], 24_000, 26_000);
        Assert.InRange(counts[3], 4_500, 5_500);
    }
}
