using Millrace.Streams.Definition;

namespace Millrace.Streams.Tests.Definition;

public class JsonPathTests
{
    [Theory]
    [InlineData("$.a")]
    [InlineData("$.meta.device.id")]
    [InlineData("$.items[0].sku")]
    [InlineData("$.items[-1]")]
    [InlineData("$.@timestamp")]
    [InlineData("$._id.$oid")]
    [InlineData("$['a b'].c")]
    [InlineData("$['it\\'s'].x")]
    public void A_path_is_read_and_written_alike(string text) => Assert.Equal(text, JsonPath.Parse(text)?.ToString());

    [Theory]
    [InlineData("$['plain']", "$.plain")]
    [InlineData("$.a['b']", "$.a.b")]
    public void Quotes_that_are_not_needed_say_nothing(string text, string same)
    {
        Assert.Equal(JsonPath.Parse(same), JsonPath.Parse(text));
        Assert.Equal(same, JsonPath.Parse(text)?.ToString());
    }

    [Theory]
    [InlineData("$")]
    [InlineData("a.b")]
    [InlineData("$.")]
    [InlineData("$..a")]
    [InlineData("$[0].a")]
    [InlineData("$.a[x]")]
    [InlineData("$.a[0")]
    [InlineData("$['']")]
    [InlineData("$.a b")]
    [InlineData("$.*")]
    [InlineData("$.a[*]")]
    public void What_is_no_path_to_one_place_is_refused(string text) => Assert.Null(JsonPath.Parse(text));
}
