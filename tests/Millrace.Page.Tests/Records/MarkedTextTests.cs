using System.Text;
using Millrace.Page.Records;

namespace Millrace.Page.Tests.Records;

public class MarkedTextTests
{
    [Theory]
    [InlineData("""{"a":1,"b":"x","c":{"b":2}}""", """{"a":1,"b":["x"],"c":{"b":2}}""")]
    [InlineData("""{"b":{"deep":[1,2]} , "a":1}""", """{"b":[{"deep":[1,2]}] , "a":1}""")]
    [InlineData("""{"b":1,"b":2}""", """{"b":[1],"b":[2]}""")]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    public void The_values_of_failed_fields_are_marked_and_those_of_the_same_name_deeper_are_not(string value, string marked) =>
        Assert.Equal(marked, Mark(value, "b"));

    [Theory]
    [InlineData("not json", "[not json]")]
    [InlineData("{\n\"a\":1,\n\"b\":x}", "{\n\"a\":1,\n\"b\":[x}]")]
    [InlineData("{\"a\":1x}", "{\"a\":[1x}]")]
    [InlineData("{\"a\":1} more", "{\"a\":1} [more]")]
    [InlineData("", "")]
    public void What_is_no_JSON_is_marked_from_where_it_stops_being_some(string value, string marked) => Assert.Equal(marked, Mark(value));

    [Theory]
    [InlineData("[1, 2]", "[[1, 2]]")]
    [InlineData(" 7 ", " [7] ")]
    public void JSON_that_is_no_object_is_marked_as_a_whole(string value, string marked) => Assert.Equal(marked, Mark(value));

    [Fact]
    public void Markup_stays_the_text_it_is() =>
        Assert.Equal("""{"b":["<img src=x onerror=alert(1)>"]}""", Mark("""{"b":"<img src=x onerror=alert(1)>"}""", "b"));

    [Fact]
    public void A_name_that_is_no_text_and_bytes_that_are_no_UTF8_end_nothing()
    {
        Assert.Equal("""{"\ud800":1,"b":[2]}""", Mark("""{"\ud800":1,"b":2}""", "b"));
        Assert.Equal("{\"b\":[\"\uFFFD\"]}", Mark([.. "{\"b\":\""u8, 0xFF, .. "\"}"u8], "b"));
    }

    static string Mark(string value, params string[] failed) => Mark(Encoding.UTF8.GetBytes(value), failed);

    static string Mark(byte[] value, params string[] failed) =>
        string.Concat(MarkedText.Of(value, failed).Select(piece => piece.IsMarked ? $"[{piece.Text}]" : piece.Text));
}
