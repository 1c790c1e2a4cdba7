using System.Net;
using System.Net.Sockets;
using Millrace.Streams.ClickHouse;
using Millrace.Testing;

namespace Millrace.Streams.Tests.ClickHouse;

/// <summary>Servers that take the statement and do not answer it.</summary>
public sealed class PingWatchTests : IDisposable
{
    readonly TcpListener _server = new(IPAddress.Loopback, 0);
    readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    readonly FakeClock _clock = new();

    public PingWatchTests() => _server.Start();

    Uri Url => new($"http://{_server.LocalEndpoint}/");

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_is_given_up()
    {
        var answer = AskAsync();
        await PassTimeUntilAsync(() => answer.IsCompleted);
        await Assert.ThrowsAsync<ClickHouseUnavailableException>(() => answer);
    }

    [Fact]
    public async Task A_statement_may_take_any_time_as_long_as_pings_are_answered()
    {
        var answer = AskAsync();
        using var statement = await _server.AcceptTcpClientAsync();
        for (var pings = 0; pings < 10; pings++) await AnswerPingAsync();
        Assert.False(answer.IsCompleted);
        await statement.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Whoever_asked_can_stop_waiting()
    {
        using var cancel = new CancellationTokenSource();
        var answer = AskAsync(cancel.Token);
        using var statement = await _server.AcceptTcpClientAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    async Task<HttpResponseMessage> AskAsync(CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent("SELECT sleepEachRow(3) FROM numbers(1000)") };
        return await new PingWatch(_http, Url, _clock).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    async Task AnswerPingAsync()
    {
        var ping = _server.AcceptTcpClientAsync();
        await PassTimeUntilAsync(() => ping.IsCompleted);
        using var connection = await ping;
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nOk.\n"u8.ToArray());
        await connection.GetStream().ReadAtLeastAsync(new byte[1], 1);
    }

    Task PassTimeUntilAsync(Func<bool> condition) => Eventually.Holds(() =>
    {
        if (!condition()) _clock.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    }, "something happens as time passes");
}
