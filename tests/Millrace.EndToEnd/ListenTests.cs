using System.Net;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Stands that others may reach.</summary>
public sealed class ListenTests : IAsyncLifetime
{
    const string PasswordVariable = "MILLRACE_CLICKHOUSE_PASSWORD";

    readonly Stand _stand = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Environment.SetEnvironmentVariable(PasswordVariable, null);
        await _stand.DisposeAsync();
    }

    [Theory]
    [InlineData("up --listen 0.0.0.0")]
    [InlineData("up -d --listen 0.0.0.0")]
    [InlineData("run clickhouse --listen 0.0.0.0")]
    public async Task Without_a_password_nothing_is_opened_to_the_network(string command)
    {
        var refused = (await _stand.RunAsync(command.Split(' '))).Expect(2);

        Assert.Contains(
            "--listen 0.0.0.0 opens ClickHouse to the network without a password: set MILLRACE_CLICKHOUSE_PASSWORD, or add --insecure",
            refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_stand.Data, "clickhouse")));
    }

    [Fact]
    public async Task An_open_stand_says_what_is_open_and_shows_where_it_is_reached()
    {
        string[] listen = ["--listen", "0.0.0.0", "--insecure"];
        var up = (await _stand.RunAsync(["up", "-d", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0", "--rate", "10", .. listen])).Expect(0);

        Assert.Contains(
            "has no password, so whoever reaches it can read and write every topic; ClickHouse at ", up.Error, StringComparison.Ordinal);
        Assert.Contains(
            "has no password, so whoever reaches it can read and write every topic", (await _stand.RunAsync("logs", "broker")).Output,
            StringComparison.Ordinal);
        var endpoint = (await _stand.ServiceAsync("clickhouse")).GetProperty("endpoint").GetString()!;
        Assert.DoesNotContain("0.0.0.0", endpoint, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = new Uri(endpoint.Split(',')[0]) };
        Assert.Equal("1\n", await http.GetStringAsync("/?query=SELECT+1"));
        Assert.Equal("1", await _stand.QueryAsync("SELECT 1"));
        var rebound = await AskAsync(http, "evil.example:8123");
        Assert.Equal(HttpStatusCode.Forbidden, rebound.StatusCode);
        Assert.Contains(
            "Host 'evil.example:8123' is not one that this port goes by", await rebound.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_password_it_is_asked_by_any_name_and_says_nothing_to_who_does_not_have_it()
    {
        Environment.SetEnvironmentVariable(PasswordVariable, "pa ss'wörd");
        var up = (await _stand.RunAsync("up", "-d", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0", "--rate", "10", "--listen", "0.0.0.0"))
            .Expect(0);

        Assert.Contains("asks for its password, which travels unencrypted", up.Error, StringComparison.Ordinal);
        Assert.Equal("1", await _stand.QueryAsync("SELECT 1"));
        var clickHouse = (await _stand.ServiceAsync("clickhouse")).GetProperty("endpoint").GetString()!.Split(',')[0];
        using var http = new HttpClient { BaseAddress = new Uri(clickHouse) };
        var stranger = await AskAsync(http, "clickhouse.example");
        Assert.Equal(
            (HttpStatusCode.Forbidden, "516"), (stranger.StatusCode, stranger.Headers.GetValues("X-ClickHouse-Exception-Code").Single()));
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("default:pa ss'wörd"u8));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "clickhouse.example")).StatusCode);
    }

    static async Task<HttpResponseMessage> AskAsync(HttpClient http, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/?query=SELECT+1") { Headers = { Host = host } };
        return await http.SendAsync(request);
    }
}
