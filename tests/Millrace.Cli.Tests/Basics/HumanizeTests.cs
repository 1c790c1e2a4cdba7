using Millrace.Cli.Basics;

namespace Millrace.Cli.Tests.Basics;

public sealed class HumanizeTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(53_682_176, "54 MB")]
    [InlineData(1_200_000_000, "1.2 GB")]
    public void Bytes_have_two_digits_at_least_and_a_unit(long bytes, string text) => Assert.Equal(text, Humanize.Bytes(bytes));

    [Theory]
    [InlineData(4, "4 s")]
    [InlineData(185, "3 min")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(262_800, "3 d 1 h")]
    public void Durations_have_their_two_largest_units(int seconds, string text) => Assert.Equal(text, Humanize.Duration(TimeSpan.FromSeconds(seconds)));
}
