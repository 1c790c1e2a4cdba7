using Millrace.Streams.Audit;

namespace Millrace.Streams.Tests.Audit;

public class OffsetRangeTests
{
    [Theory]
    [InlineData(7, 8, "7")]
    [InlineData(7, 10, "7-9")]
    public void A_range_is_written_with_both_ends_inclusive(long from, long to, string text) => Assert.Equal(text, new OffsetRange(from, to).ToString());

    [Fact]
    public void Offsets_that_follow_each_other_become_one_range() =>
        Assert.Equal([new(3, 6), new(9, 10), new(12, 14)], OffsetRange.FromOffsets([3, 4, 5, 9, 12, 13]));

    [Fact]
    public void Only_ranges_close_enough_are_joined() =>
        Assert.Equal([new(0, 5), new(15, 16)], OffsetRange.Join([new(0, 1), new(4, 5), new(15, 16)], closerThan: 10));

    [Fact]
    public void Nothing_joins_to_nothing() => Assert.Empty(OffsetRange.Join([], closerThan: 10));
}
