using System.Net;
using Microsoft.AspNetCore.Http;

namespace Millrace.HttpAccess.Tests;

/// <summary>The machine is mybox with 192.0.2.7 and fd00::7 on its network; its resolver calls it mybox.corp.example.</summary>
public sealed class AccessRuleTests
{
    const string Loopback = "127.0.0.1";

    static readonly ThisMachine Machine = MachineCalled("mybox", Task.FromResult<string?>("mybox.corp.example"));

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:8123")]
    [InlineData("LocalHost.:1")]
    [InlineData("localhost:")]
    [InlineData("127.0.0.1:8123")]
    [InlineData("127.0.0.2")]
    [InlineData("[::1]:8123")]
    [InlineData("[::ffff:127.0.0.1]:8123")]
    [InlineData("MYBOX:8123")]
    [InlineData("mybox.corp.example.:8123")]
    [InlineData("host.docker.internal:8123")]
    [InlineData("host.containers.internal")]
    public void Without_a_password_it_is_asked_by_what_this_machine_goes_by(string host) => Assert.Null(Judge(host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8123")]
    [InlineData("localhost.evil.example")]
    [InlineData("mybox.evil.example")]
    [InlineData("xn--lcalhost-54a.example")]
    [InlineData("xn--mybox-9ra")]
    [InlineData("löcalhost")]
    [InlineData("8.8.8.8:8123")]
    [InlineData("192.0.2.7:8123")]
    [InlineData("[fd00::7]:8123")]
    [InlineData("0.0.0.0:8123")]
    [InlineData("[::]:8123")]
    [InlineData("[fe80::1%25eth0]:8123")]
    [InlineData("[::1%lo]:8123")]
    [InlineData("::1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("localhost@evil.example")]
    [InlineData("user:password@localhost")]
    [InlineData("localhost:8123:8123")]
    [InlineData("localhost:port")]
    [InlineData("localhost evil.example")]
    [InlineData("localhost/evil.example")]
    [InlineData("localhost..")]
    [InlineData(".")]
    public void By_any_other_name_it_is_not_since_a_page_may_have_given_it_that_name(string host)
    {
        var refusal = Judge(host);

        Assert.NotNull(refusal);
        Assert.True(refusal.PasswordHelps);
        Assert.StartsWith($"Host '{host}' is not one that this port goes by (localhost, mybox, ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(", 127.0.0.1; with any port)", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hosts_are_none() => Assert.NotNull(Judge(request => request.Headers.Host = new(["localhost", "evil.example"])));

    /// <summary>No browser sends such a request: HTTP/1.0 health checks do.</summary>
    [Fact]
    public void Who_names_no_host_is_no_browser() => Assert.Null(Judge(_ => { }));

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7:8123", true)]
    [InlineData("192.0.2.7", "127.0.0.1:8123", true)]
    [InlineData("192.0.2.7", "[fd00::7]:8123", false)]
    [InlineData("0.0.0.0", "192.0.2.7:8123", true)]
    [InlineData("0.0.0.0", "[fd00::7]:8123", true)]
    [InlineData("::", "192.0.2.7:8123", true)]
    [InlineData("::", "[::ffff:192.0.2.7]:8123", true)]
    [InlineData("0.0.0.0", "0.0.0.0:8123", false)]
    [InlineData("0.0.0.0", "192.0.2.8:8123", false)]
    [InlineData("0.0.0.0", "evil.example:8123", false)]
    public void An_address_is_accepted_where_it_is_one_that_is_listened_on(string listen, string host, bool accepted) =>
        Assert.Equal(accepted, Judge(host, listen: listen) is null);

    /// <summary>The machine got it after it was looked at, or it is one inside a container.</summary>
    [Fact]
    public void The_address_that_a_connection_came_in_by_is_accepted() => Assert.Null(Judge(
        request =>
        {
            request.Headers.Host = "198.51.100.9:8123";
            request.HttpContext.Connection.LocalIpAddress = IPAddress.Parse("::ffff:198.51.100.9");
        },
        listen: "0.0.0.0"));

    [Theory]
    [InlineData("evil.example:8123")]
    [InlineData("clickhouse-server:8123")]
    [InlineData("8.8.8.8")]
    public void Where_a_password_is_asked_for_any_name_will_do(string host) => Assert.Null(Judge(host, hasPassword: true));

    [Theory]
    [InlineData("http://localhost:8123")]
    [InlineData("http://localhost:3000")]
    [InlineData("https://LOCALHOST")]
    [InlineData("http://127.0.0.1:5173")]
    [InlineData("http://[::1]:5173")]
    [InlineData("http://mybox:3000")]
    public void Pages_of_this_machine_may_ask_whatever_their_port(string origin) => Assert.Null(Judge("localhost:8123", origin));

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://localhost@evil.example")]
    [InlineData("http://localhost:80@evil.example")]
    [InlineData("http://localhost/")]
    [InlineData("http://192.0.2.8:8123")]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("chrome-extension://localhost")]
    [InlineData("localhost")]
    [InlineData("http://localhost,http://evil.example")]
    [InlineData("http://localhost http://evil.example")]
    public void Pages_of_others_may_not_also_where_a_password_is_asked_for(string origin)
    {
        foreach (var hasPassword in (bool[])[false, true])
        {
            var refusal = Judge("localhost:8123", origin, hasPassword: hasPassword);

            Assert.False(refusal!.PasswordHelps);
            Assert.StartsWith(
                $"Origin '{origin}' says that a web page of another site made a browser ask", refusal.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("clickhouse-server:8123", "http://clickhouse-server:3000", true)]
    [InlineData("clickhouse-server:8123", "http://ClickHouse-Server.", true)]
    [InlineData("clickhouse-server:8123", "http://evil.example", false)]
    public void With_a_password_a_page_of_the_host_that_was_asked_may_ask(string host, string origin, bool accepted) =>
        Assert.Equal(accepted, Judge(host, origin, hasPassword: true) is null);

    [Theory]
    [InlineData("localhost:8123", "cross-site", false)]
    [InlineData("localhost:8123", "none", true)]
    [InlineData("localhost:8123", "same-origin", true)]
    [InlineData("localhost:8123", "same-site", true)]
    [InlineData("127.0.0.1:8123", "same-site", true)]
    [InlineData("mybox.corp.example:8123", "same-site", false)]
    [InlineData("localhost:8123", "none,cross-site", false)]
    [InlineData("localhost:8123", "something-new", false)]
    public void A_get_of_a_browser_may_come_from_anywhere_but_another_site(string host, string site, bool accepted) =>
        Assert.Equal(accepted, Judge(host, site: site) is null);

    /// <summary>A page on localhost is another site than 127.0.0.1, but on this machine.</summary>
    [Fact]
    public void Where_a_page_says_whose_it_is_that_counts() => Assert.Null(Judge("127.0.0.1:8123", "http://localhost:3000", "cross-site"));

    [Fact]
    public void What_came_is_told_in_one_line_and_not_without_end()
    {
        var reason = Judge(new string('x', 5000) + "\r\nSet-Cookie: a=b")!.Reason;

        Assert.True(reason.Length < 500, reason);
        Assert.DoesNotContain('\n', Judge("x\r\nSet-Cookie: a=b")!.Reason);
    }

    [Fact]
    public void Nobody_waits_for_a_resolver_that_does_not_answer()
    {
        var slow = new TaskCompletionSource<string?>();
        var machine = MachineCalled("mybox", slow.Task);
        Assert.DoesNotContain("mybox.corp.example", machine.Names);

        slow.SetResult("mybox.corp.example");

        Assert.Contains("mybox.corp.example", machine.Names);
    }

    [Fact]
    public void A_host_name_with_its_domain_counts_with_and_without_it()
    {
        var machine = MachineCalled("mybox.lan", Task.FromResult<string?>(null));

        Assert.Equal(["localhost", "mybox.lan", "mybox", "host.docker.internal", "host.containers.internal"], machine.Names);
    }

    [Fact]
    public void This_very_machine_has_a_name_and_addresses()
    {
        var machine = ThisMachine.Look();

        Assert.Contains(Dns.GetHostName(), machine.Names);
        Assert.Contains(IPAddress.Loopback, machine.Addresses);
        Assert.DoesNotContain(ThisMachine.NetworkAddresses(), IPAddress.IsLoopback);
    }

    static ThisMachine MachineCalled(string name, Task<string?> fullName) =>
        new(name, fullName, [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("192.0.2.7"), IPAddress.Parse("fd00::7")]);

    static AccessRefusal? Judge(
        string host, string? origin = null, string? site = null, string listen = Loopback, bool hasPassword = false) => Judge(
        request =>
        {
            request.Headers.Host = host;
            if (origin is not null) request.Headers.Origin = origin;
            if (site is not null) request.Headers["Sec-Fetch-Site"] = site;
        },
        listen,
        hasPassword);

    static AccessRefusal? Judge(Action<HttpRequest> ask, string listen = Loopback, bool hasPassword = false)
    {
        var request = new DefaultHttpContext().Request;
        ask(request);
        return new AccessRule(IPAddress.Parse(listen), hasPassword, Machine).Judge(request);
    }
}
