using System.Text;
using Millrace.Streams.Events;

namespace Millrace.Streams.Tests.Events;

public class JsonLineTests
{
    readonly JsonLine _line = new();

    [Theory]
    [InlineData(0, 2, "0.00")]
    [InlineData(5, 2, "0.05")]
    [InlineData(-5, 2, "-0.05")]
    [InlineData(123456, 3, "123.456")]
    [InlineData(7, 0, "7")]
    [InlineData(-1234, 2, "-12.34")]
    public void A_fixed_number_has_all_its_digits(long units, int scale, string expected)
    {
        _line.Fixed(units, scale);

        Assert.Equal(expected, Text());
    }

    [Fact]
    public void A_timestamp_is_utc_with_milliseconds()
    {
        _line.Timestamp(new DateTimeOffset(2026, 11, 22, 1, 2, 3, 45, TimeSpan.FromHours(3)));

        Assert.Equal("\"2026-11-21T22:02:03.045Z\"", Text());
    }

    [Fact]
    public void An_address_is_a_dotted_quad()
    {
        _line.IPv4(0x7F_00_0A_FF);

        Assert.Equal("\"127.0.10.255\"", Text());
    }

    [Fact]
    public void Text_longer_than_the_buffer_fits()
    {
        var text = new string('x', 5000);
        _line.Raw("{"u8);

        _line.Raw(Encoding.UTF8.GetBytes(text));
        _line.Integer(long.MinValue);

        Assert.Equal("{" + text + "-9223372036854775808", Text());
    }

    [Fact]
    public void Clear_starts_anew()
    {
        _line.Integer(12);
        _line.Clear();
        _line.Quoted(3);

        Assert.Equal("\"3\"", Text());
    }

    string Text() => Encoding.UTF8.GetString(_line.Written);
}
