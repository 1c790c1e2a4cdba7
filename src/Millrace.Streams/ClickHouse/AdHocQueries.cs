using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Streams.ClickHouse;

/// <summary>
/// Runs what somebody typed: only to read, and within limits that the statement itself can't raise, as ClickHouse refuses a change of
/// settings under <c>readonly=1</c>. Owns the connections; safe from any thread.
/// </summary>
public sealed partial class AdHocQueries : IDisposable
{
    /// <summary>What a page shows as a table. Results in other formats are downloads, which are whole.</summary>
    public const string TableFormat = "JSONCompact";

    /// <summary>In a table; ClickHouse leaves the rest out.</summary>
    public const int MostRows = 10_000;

    static readonly IReadOnlyDictionary<string, string> Limits = new Dictionary<string, string>
    {
        ["readonly"] = "1",
        ["max_execution_time"] = "30",
        ["max_memory_usage"] = "1000000000",
        // Whoever asked is gone: our own ClickHouse stops without being told.
        ["cancel_http_readonly_queries_on_client_close"] = "1",
        // An error finds the status line.
        ["wait_end_of_query"] = "1",
        // What JavaScript's numbers would change.
        ["output_format_json_quote_64bit_integers"] = "1",
        ["output_format_json_quote_decimals"] = "1",
        ["output_format_json_quote_denormals"] = "1",
    };

    static readonly IReadOnlyDictionary<string, string> TableLimits = new Dictionary<string, string>
    {
        // The third is exact, where the first two stop at the end of a block.
        ["max_result_rows"] = MostRows.ToString(CultureInfo.InvariantCulture),
        ["result_overflow_mode"] = "break",
        ["limit"] = MostRows.ToString(CultureInfo.InvariantCulture),
        // A browser has to hold it.
        ["max_result_bytes"] = "67108864",
        // In UTC and with a Z, whatever the time zone of the server.
        ["date_time_output_format"] = "iso",
    };

    /// <summary>READONLY of ClickHouse (src/Common/ErrorCodes.cpp).</summary>
    const int Readonly = 164;

    readonly HttpClient _http;
    readonly ClickHouseClient _client;
    readonly StandEndpoints _endpoints;
    readonly PingWatch _watch;

    public AdHocQueries(StandEndpoints endpoints)
    {
        _endpoints = endpoints;
        _http = ClickHouseHttp.CreateClient(endpoints);
        _client = new ClickHouseClient(endpoints);
        _watch = new PingWatch(_http, endpoints.ClickHouse, TimeProvider.System);
    }

    /// <param name="format">Of ClickHouse; a FORMAT clause of the statement wins.</param>
    /// <param name="id">Nobody else's: the query can be found by it while it runs.</param>
    /// <inheritdoc cref="ClickHouseClient.ExecuteAsync"/>
    public async Task<AdHocAnswer> AskAsync(string sql, string format, string id, CancellationToken cancellation)
    {
        if (Kills().IsMatch(sql)) throw new ClickHouseException(Readonly, "The page only reads: it kills no query, but cancels its own.");
        if (Sets().IsMatch(sql))
            throw new ClickHouseException(Readonly, "The page sets the limits of its queries (READONLY): leave SETTINGS out.");
        var address = new QueryAddress(_endpoints.ClickHouse, _endpoints.Database).With("query_id", id).With("default_format", format);
        foreach (var (name, value) in Limits) address.With(name, value);
        if (format == TableFormat)
            foreach (var (name, value) in TableLimits) address.With(name, value);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(sql));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}") { Content = content };
        var response = await _watch.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return new AdHocAnswer(response, format);
        using (response) throw await RefusedAnswer.ReadAsync(response, _endpoints, cancellation).ConfigureAwait(false);
    }

    /// <returns>null when no such query runs.</returns>
    /// <inheritdoc cref="ClickHouseClient.ExecuteAsync"/>
    public async Task<QueryProgress?> ProgressAsync(string id, CancellationToken cancellation)
    {
        const string statement = """
            SELECT elapsed AS seconds, read_rows, read_bytes, total_rows_approx AS total_rows, memory_usage AS memory_bytes
            FROM system.processes WHERE query_id = {id:String}
            """;
        var parameters = new Dictionary<string, string> { ["id"] = id };
        return (await _client.QueryAsync<QueryProgress>(statement, parameters, cancellation).ConfigureAwait(false)).FirstOrDefault();
    }

    /// <summary>
    /// A setting in a subquery passes ClickHouse by, though it refuses one of the whole statement: with one of them a reader takes records out
    /// of a queue table. Where the word stands in a text, the statement is refused too.
    /// </summary>
    [GeneratedRegex(@"(?<![.\w`""])SETTINGS(\s|--[^\n]*\n|#[^\n]*\n|/\*.*?\*/)+[\w`""]", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Sets();

    /// <summary>ClickHouse lets every user kill queries of his own, a reader too, and all queries of a stand are of one user.</summary>
    [GeneratedRegex(@"^(\s|--[^\n]*\n|#[^\n]*\n|/\*.*?\*/)*KILL\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Kills();

    public void Dispose()
    {
        _http.Dispose();
        _client.Dispose();
    }
}

/// <summary>The answer to one query, which may still be on its way. For one thread; owns the connection until disposed of.</summary>
public sealed class AdHocAnswer(HttpResponseMessage response, string format) : IDisposable
{
    /// <summary>Of ClickHouse: what it really is in.</summary>
    public string Format { get; } =
        response.Headers.TryGetValues("X-ClickHouse-Format", out var values) ? values.First() : format;

    public Task CopyToAsync(Stream target, CancellationToken cancellation) => response.Content.CopyToAsync(target, cancellation);

    public void Dispose() => response.Dispose();
}

/// <summary>How far a query has come. Immutable.</summary>
/// <param name="TotalRows">To read in all, as far as is known; 0: not at all.</param>
public sealed record QueryProgress(double Seconds, ulong ReadRows, ulong ReadBytes, ulong TotalRows, long MemoryBytes);
