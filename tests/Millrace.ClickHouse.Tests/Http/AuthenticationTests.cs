using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Http;

namespace Millrace.ClickHouse.Tests.Http;

public sealed class AuthenticationTests
{
    const string Password = "sécret";

    [Theory]
    [InlineData("?user=default&password=s%C3%A9cret", null, null, null)]
    [InlineData("?password=s%C3%A9cret", null, null, null)]
    [InlineData("", "default", Password, null)]
    [InlineData("?password=ignored", null, Password, null)]
    [InlineData("", null, null, "default:sécret")]
    public void The_password_is_taken_from_the_url_from_headers_and_from_basic(string url, string? user, string? key, string? basic) =>
        Authentication.Check(Request(url, user, key, basic), Password);

    [Theory]
    [InlineData("", null, null, null)]
    [InlineData("?password=wrong", null, null, null)]
    [InlineData("?user=other&password=s%C3%A9cret", null, null, null)]
    [InlineData("", "default", "wrong", null)]
    [InlineData("", null, null, "default:")]
    [InlineData("", null, null, "no colon")]
    public void Others_are_refused_in_clickhouses_words(string url, string? user, string? key, string? basic)
    {
        var refused = Assert.Throws<EngineException>(() => Authentication.Check(Request(url, user, key, basic), Password));

        Assert.Equal(516, refused.Code);
        Assert.Equal(403, ExceptionStatus.Of(refused.Code));
    }

    [Fact]
    public void Without_a_password_the_default_user_needs_none() => Authentication.Check(Request("", null, null, null), "");

    static HttpRequest Request(string url, string? user, string? key, string? basic)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(url.Length == 0 ? null : url);
        if (user is not null) request.Headers["X-ClickHouse-User"] = user;
        if (key is not null) request.Headers["X-ClickHouse-Key"] = key;
        if (basic is not null) request.Headers.Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(basic))}";
        return request;
    }
}
