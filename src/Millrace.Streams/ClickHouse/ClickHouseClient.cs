using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Streams.ClickHouse;

/// <summary>Asks ClickHouse through its HTTP interface. Owns the connections; safe from any thread.</summary>
public sealed class ClickHouseClient : IDisposable
{
    static readonly TimeSpan PingPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A row is an object with columns in snake_case; a UInt64 may come as a number or as text.</summary>
    static readonly JsonSerializerOptions RowOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectRequiredConstructorParameters = true,
    };

    readonly HttpClient _http;
    readonly StandEndpoints _endpoints;
    readonly PingWatch _watch;

    public ClickHouseClient(StandEndpoints endpoints)
    {
        _endpoints = endpoints;
        _http = ClickHouseHttp.CreateClient(endpoints);
        _watch = new PingWatch(_http, endpoints.ClickHouse, TimeProvider.System);
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    /// <param name="queryId">ClickHouse refuses it while a query of that id runs; null: nobody else's.</param>
    /// <exception cref="ClickHouseException">ClickHouse refused it.</exception>
    /// <exception cref="ClickHouseRefusedException">ClickHouse refused who asked.</exception>
    /// <exception cref="ClickHouseUnavailableException">
    /// No answer, and none to pings meanwhile: a statement may take any time as long as ClickHouse lives.
    /// </exception>
    public async Task ExecuteAsync(string sql, CancellationToken cancellation = default, string? queryId = null)
    {
        var address = NewAddress().With("wait_end_of_query", "1");
        if (queryId is not null) address.With("query_id", queryId);
        using var response = await SendAsync(address, new StringContent(sql), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ExecuteAsync(string, CancellationToken, string?)"/>
    /// <param name="rows">Go with it.</param>
    internal async Task ExecuteAsync(string sql, ExternalRows rows, CancellationToken cancellation, string? queryId = null)
    {
        var address = rows.AddTo(NewAddress().With("wait_end_of_query", "1"));
        if (queryId is not null) address.With("query_id", queryId);
        using var response = await SendAsync(address, rows.With(sql), cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs a query whose whole answer fits memory: columns in snake_case become <typeparamref name="T"/>'s properties.</summary>
    /// <inheritdoc cref="ExecuteAsync(string, CancellationToken, string?)"/>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql, IReadOnlyDictionary<string, string>? parameters = null, CancellationToken cancellation = default) =>
        await QueryAsync<T>(NewAddress().WithParameters(parameters), new StringContent(sql), cancellation).ConfigureAwait(false);

    /// <inheritdoc cref="QueryAsync{T}(string, IReadOnlyDictionary{string, string}?, CancellationToken)"/>
    /// <param name="rows">Go with it.</param>
    internal Task<IReadOnlyList<T>> QueryAsync<T>(string sql, ExternalRows rows, CancellationToken cancellation) =>
        QueryAsync<T>(rows.AddTo(NewAddress()), rows.With(sql), cancellation);

    async Task<IReadOnlyList<T>> QueryAsync<T>(QueryAddress address, HttpContent content, CancellationToken cancellation)
    {
        address
            .With("default_format", "JSONEachRow")
            .With("output_format_json_quote_64bit_integers", "0")
            .With("wait_end_of_query", "1");
        using var response = await SendAsync(address, content, cancellation).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize<T>(line, RowOptions)!)];
    }

    /// <summary>Whether ClickHouse answers at all.</summary>
    public Task<bool> PingAsync(CancellationToken cancellation = default) => _watch.PingAsync(cancellation);

    /// <summary>Returns as soon as ClickHouse answers.</summary>
    /// <exception cref="ClickHouseUnavailableException">Not within <paramref name="limit"/>, or never for want of TLS.</exception>
    public async Task WaitReadyAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellation = default)
    {
        var started = time.GetTimestamp();
        while (!await PingAsync(cancellation).ConfigureAwait(false))
        {
            var failure = _watch.LastFailure;
            if (ClickHouseUnavailableException.IsLasting(failure) || time.GetElapsedTime(started) > limit)
                throw new ClickHouseUnavailableException(_endpoints.ClickHouse, failure);
            await Task.Delay(PingPause, time, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    QueryAddress NewAddress() => new(_endpoints.ClickHouse, _endpoints.Database);

    async Task<HttpResponseMessage> SendAsync(QueryAddress address, HttpContent content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}") { Content = content };
        var response = await _watch.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await RefusedAnswer.ReadAsync(response, _endpoints, cancellation).ConfigureAwait(false);
    }
}
