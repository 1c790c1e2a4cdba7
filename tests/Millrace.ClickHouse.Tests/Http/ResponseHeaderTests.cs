using System.Net;
using System.Net.Sockets;

namespace Millrace.ClickHouse.Tests.Http;

[Collection(EngineCollection.Name)]
public sealed class ResponseHeaderTests(EngineFixture engine)
{
    [Fact]
    public async Task A_page_that_is_let_in_may_read_the_answer_and_asks_first()
    {
        const string Page = "http://localhost:3000";
        var answer = await Send(HttpMethod.Get, ("Origin", Page));
        Assert.Equal((200, Page, "Origin"), (answer.Status, answer.Headers["Access-Control-Allow-Origin"], answer.Headers["Vary"]));
        Assert.Contains("X-ClickHouse-Summary", answer.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);

        var preflight = await Send(
            HttpMethod.Options,
            ("Origin", Page),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,x-clickhouse-user"));
        Assert.Equal((204, Page), (preflight.Status, preflight.Headers["Access-Control-Allow-Origin"]));
        Assert.Equal("authorization,x-clickhouse-user", preflight.Headers["Access-Control-Allow-Headers"]);
        Assert.Contains("POST", preflight.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost.evil.example")]
    public async Task Any_other_page_gets_no_such_header(string origin)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Options])
        {
            var answer = await Send(method, ("Origin", origin), ("Access-Control-Request-Method", "POST"));
            Assert.Equal(403, answer.Status);
            Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("", "http_response_headers={'X-A':'b c','Content-Type':'image/png'}", "SELECT 1")]
    [InlineData(
        " SETTINGS http_response_headers = '{\\'X-A\\':\\'b c\\',\\'Content-Type\\':\\'image/png\\'}', max_threads = 1",
        "", "SELECT 1")]
    [InlineData("", "http_response_headers={'X-A':'b c','Content-Type':'image/png'}", "SHOW DATABASES LIKE 'system'")]
    public async Task A_query_sets_headers_of_its_answer(string clause, string parameters, string statement)
    {
        var answer = await engine.Post(statement + clause, parameters);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(("b c", "image/png"), (answer.Headers["X-A"], answer.Headers["Content-Type"]));
        Assert.Equal("sandbox", answer.Headers["Content-Security-Policy"]);
    }

    [Theory]
    [InlineData("{'Content-Length':'1'}")]
    [InlineData("{'A b':'c'}")]
    [InlineData("{'A':'c\\nX: y'}")]
    [InlineData("{'access-control-allow-origin':'*'}")]
    public async Task Headers_that_frame_or_open_the_answer_are_not_for_a_query(string map) =>
        Assert.Equal("36", (await engine.Post("SELECT 1", $"http_response_headers={Uri.EscapeDataString(map)}")).ErrorCode);

    [Fact]
    public async Task Forty_kilobytes_of_headers_are_read()
    {
        var answer = await Send(HttpMethod.Get, ("X-Long", new string('x', 40_000)), ("X-Longer", new string('y', 120_000)));
        Assert.Equal((200, "1\n"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Both_loopback_addresses_are_served()
    {
        if (!Socket.OSSupportsIPv6) return;
        using var http = new HttpClient { BaseAddress = new UriBuilder("http", $"[{IPAddress.IPv6Loopback}]", engine.Host.Url.Port).Uri };
        Assert.Equal("Ok.\n", await http.GetStringAsync("/ping"));
        Assert.Equal("Ok.\n", await engine.Http.GetStringAsync("/ping"));
    }

    async Task<Answer> Send(HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/?query=SELECT+1");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await Answer.Of(await engine.Http.SendAsync(request));
    }
}
