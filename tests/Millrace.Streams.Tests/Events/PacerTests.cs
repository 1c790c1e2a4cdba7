using Millrace.Streams.Events;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

public class PacerTests
{
    static readonly int SlicesPerSecond = (int)(TimeSpan.FromSeconds(1) / Pacer.Slice);

    readonly FakeClock _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(150_000)]
    public void A_minute_of_slices_gives_the_rate(int perSecond)
    {
        var pacer = new Pacer(perSecond, _time);

        var made = Slices(pacer, 60 * SlicesPerSecond).Sum();

        Assert.InRange(made, (60 * perSecond) - 1, 60 * perSecond);
    }

    [Fact]
    public void No_slice_of_a_second_is_a_burst()
    {
        var pacer = new Pacer(1000, _time);

        Assert.All(Slices(pacer, SlicesPerSecond), due => Assert.InRange(due, 9, 11));
    }

    [Fact]
    public void After_a_pause_it_catches_up_at_no_more_than_twice_the_rate()
    {
        var pacer = new Pacer(1000, _time);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        pacer.Made(pacer.Due());

        var second = Slices(pacer, SlicesPerSecond);

        Assert.All(second, due => Assert.InRange(due, 0, 21));
        Assert.InRange(second.Sum(), 1350, 1401);
        Assert.InRange(Slices(pacer, SlicesPerSecond).Sum(), 999, 1001);
    }

    [Fact]
    public void What_fell_due_in_a_long_pause_is_not_made_up_for()
    {
        var pacer = new Pacer(1000, _time);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.InRange(Slices(pacer, 10 * SlicesPerSecond).Sum(), 10_000, 11_001);
    }

    [Fact]
    public void What_could_not_be_made_stays_due()
    {
        var pacer = new Pacer(1000, _time);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(10, pacer.Due());
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(20, pacer.Due());
    }

    List<int> Slices(Pacer pacer, int count)
    {
        var all = new List<int>();
        for (var i = 0; i < count; i++)
        {
            _time.Advance(Pacer.Slice);
            var due = pacer.Due();
            pacer.Made(due);
            all.Add(due);
        }
        return all;
    }
}
