using System.Text;
using Millrace.Page.Records;
using Millrace.Streams.Kafka;

namespace Millrace.Page.Tests.Records;

public class RecordFilterTests
{
    const string Value = """{"user_id":12345678901234567890,"country":"US","ok":true,"none":null,"geo":{"city":"Köln"},"text":"a=b"}""";

    [Theory]
    [InlineData("country=US")]
    [InlineData(" country = US ")]
    [InlineData("country=\"US\"")]
    [InlineData("user_id=12345678901234567890")]
    [InlineData("ok=true")]
    [InlineData("none=null")]
    [InlineData("geo.city=Köln")]
    [InlineData("text=a=b")]
    public void A_field_with_its_value_is_found(string filter) => Assert.True(IsFound(filter, Value));

    [Theory]
    [InlineData("country=U")]
    [InlineData("country=us")]
    [InlineData("city=Köln")]
    [InlineData("user_id=12345678901234567891")]
    [InlineData("geo.city.name=Köln")]
    [InlineData("country=")]
    public void A_field_with_another_value_is_not_found(string filter) => Assert.False(IsFound(filter, Value));

    [Theory]
    [InlineData("köln", true)]
    [InlineData("THE-KEY", true)]
    [InlineData("trace", true)]
    [InlineData("of header", true)]
    [InlineData("=b", true)]
    [InlineData("nowhere", false)]
    public void A_text_is_looked_for_in_key_value_and_headers(string filter, bool isFound) => Assert.Equal(isFound, IsFound(filter, Value));

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("")]
    [InlineData(null)]
    public void A_value_without_such_a_field_is_not_found_and_ends_nothing(string? value) => Assert.False(IsFound("a=1", value));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void Without_a_filter_all_are_wanted(string? filter) => Assert.Null(RecordFilter.Of(filter));

    static bool IsFound(string filter, string? value)
    {
        var bytes = value is null ? null : Encoding.UTF8.GetBytes(value);
        IReadOnlyList<(string, byte[]?)> headers = [("trace", "of header"u8.ToArray()), ("none", null)];
        return RecordFilter.Of(filter)!(new TopicRecord(0, 7, null, "the-key"u8.ToArray(), headers, bytes, bytes?.Length ?? 0));
    }
}
