using System.Net.Sockets;
using System.Text;

namespace Millrace.ClickHouse.Tests.Http;

/// <summary>Requests as they are on the wire, to a host that asks for no password.</summary>
[Collection(EngineCollection.Name)]
public sealed class AccessTests(EngineFixture engine)
{
    const string Query = "/?query=SELECT+'let'||'in'";

    [Theory]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: localhost:1\r\n")]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: [::1]\r\n")]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost:\r\n")]
    [InlineData($"GET {Query} HTTP/1.0\r\n")]
    [InlineData($"GET {Query} HTTP/1.0\r\nHost: LOCALHOST.\r\n")]
    [InlineData($"GET http://localhost:8123{Query} HTTP/1.1\r\nHost: localhost:8123\r\n")]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n")]
    public async Task Programs_and_pages_of_this_machine_are_answered(string request) =>
        Assert.EndsWith("letin", (await Send(request)).Replace("\r\n0", "", StringComparison.Ordinal).TrimEnd(), StringComparison.Ordinal);

    [Theory]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: evil.example:8123\r\nOrigin: http://evil.example:8123\r\n", 403)]
    [InlineData($"GET {Query} HTTP/1.0\r\nHost: evil.example\r\n", 403)]
    [InlineData($"GET http://evil.example{Query} HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData($"GET http://evil.example{Query} HTTP/1.1\r\nHost: localhost\r\n", 400)]
    [InlineData($"GET http://localhost{Query} HTTP/1.1\r\nHost: evil.example\r\n", 400)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", 400)]
    [InlineData($"GET {Query} HTTP/1.1\r\n", 400)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: localhost@evil.example\r\n", 400)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: [fe80::1%25lo]\r\n", 400)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: xn--lcalhost-54a\r\n", 403)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n", 403)]
    [InlineData($"GET {Query} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n", 403)]
    [InlineData("GET /ping HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData($"OPTIONS {Query} HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    public async Task Others_are_not(string request, int status)
    {
        var answer = await Send(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("letin", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_refusal_is_clickhouses_and_names_what_came_and_what_is_accepted()
    {
        var answer = await Send($"GET {Query} HTTP/1.1\r\nHost: evil.example:81\r\n");

        Assert.Contains("\r\nX-ClickHouse-Exception-Code: 497\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain; charset=UTF-8\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(
            "Code: 497. DB::Exception: Host 'evil.example:81' is not one that this port goes by (localhost, ",
            answer,
            StringComparison.Ordinal);
        Assert.Contains(", 127.0.0.1; with any port): ", answer, StringComparison.Ordinal);
        Assert.Contains("MILLRACE_CLICKHOUSE_PASSWORD", answer, StringComparison.Ordinal);
        Assert.Contains(" (ACCESS_DENIED) (version ", answer, StringComparison.Ordinal);
    }

    async Task<string> Send(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(engine.Host.Url.Host, engine.Host.Url.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{request}Connection: close\r\n\r\n"));
        return await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
    }
}
