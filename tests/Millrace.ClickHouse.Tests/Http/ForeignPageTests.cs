using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Http;

namespace Millrace.ClickHouse.Tests.Http;

public sealed class ForeignPageTests
{
    [Theory]
    [InlineData("127.0.0.1:8123", null)]
    [InlineData("localhost:8123", null)]
    [InlineData("[::1]:8123", null)]
    [InlineData("localhost:8123", "http://localhost:3000")]
    [InlineData("127.0.0.1:8123", "http://127.0.0.1:8123")]
    public void Programs_and_pages_of_this_machine_may_ask(string host, string? origin) => Assert.False(Sent(host, origin, loopbackOnly: true));

    [Theory]
    [InlineData("127.0.0.1:8123", "http://evil.example")]
    [InlineData("127.0.0.1:8123", "null")]
    [InlineData("evil.example:8123", null)]
    [InlineData("evil.example:8123", "http://evil.example:8123")]
    public void A_page_of_another_site_may_not_nor_one_that_gave_loopback_its_own_name(string host, string? origin) =>
        Assert.True(Sent(host, origin, loopbackOnly: true));

    [Theory]
    [InlineData("clickhouse-server:8123", null, false)]
    [InlineData("clickhouse-server:8123", "http://clickhouse-server:3000", false)]
    [InlineData("clickhouse-server:8123", "http://evil.example", true)]
    public void Opened_to_a_network_it_may_be_asked_by_any_name(string host, string? origin, bool refused) =>
        Assert.Equal(refused, Sent(host, origin, loopbackOnly: false));

    [Theory]
    [InlineData("cross-site", true)]
    [InlineData("none", false)]
    [InlineData("same-origin", false)]
    [InlineData("same-site", false)]
    public void A_get_of_a_browser_may_come_from_anywhere_but_another_site(string site, bool refused) =>
        Assert.Equal(refused, Sent("localhost:8123", origin: null, loopbackOnly: true, site));

    [Fact]
    public void A_page_on_localhost_is_another_site_than_127_0_0_1_but_on_this_machine() =>
        Assert.False(Sent("127.0.0.1:8123", "http://localhost:3000", loopbackOnly: true, "cross-site"));

    static bool Sent(string host, string? origin, bool loopbackOnly, string? site = null)
    {
        var request = new DefaultHttpContext().Request;
        if (site is not null) request.Headers["Sec-Fetch-Site"] = site;
        request.Host = new(host);
        if (origin is not null) request.Headers.Origin = origin;
        return ForeignPage.Sent(request, loopbackOnly);
    }
}
