using Millrace.Page.Http;
using Millrace.Page.Records;

namespace Millrace.Page.Tests.Records;

public class OffsetMapTests
{
    [Fact]
    public void A_map_is_read_as_it_was_written() =>
        Assert.Equal("0:12,3:9223372036854775807", OffsetMap.Write(OffsetMap.Read("3:9223372036854775807,0:12")));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0:-1")]
    [InlineData("0:1,")]
    [InlineData("0:1:2")]
    [InlineData("x:1")]
    public void Anything_else_is_refused(string text) => Assert.Throws<RefusedException>(() => OffsetMap.Read(text));
}
