using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Millrace.Cli.Basics;
using Millrace.Streams;
using Millrace.Streams.ClickHouse;

namespace Millrace.Cli.Sql;

/// <summary>Sends statements to ClickHouse's HTTP interface and passes on what it answers, as it comes. One statement at a time.</summary>
sealed class SqlClient : IDisposable
{
    readonly HttpClient _http;
    readonly StandEndpoints _endpoints;
    readonly PingWatch _watch;
    readonly string _settings;

    /// <param name="format">The format of results for statements that name none.</param>
    /// <param name="width">Columns of the terminal; null where nobody looks.</param>
    /// <param name="colour">Pretty formats in colour.</param>
    public SqlClient(StandEndpoints endpoints, string format, int? width, bool colour)
    {
        _endpoints = endpoints;
        _settings = $"?database={Uri.EscapeDataString(endpoints.Database)}&default_format={Uri.EscapeDataString(format)}"
            + $"&output_format_pretty_color={(colour ? 1 : 0)}{(width is { } columns ? VerticalAbove(columns) : "")}";
        _http = ClickHouseHttp.CreateClient(endpoints);
        _watch = new PingWatch(_http, endpoints.ClickHouse, TimeProvider.System);
    }

    /// <summary>Runs a statement and writes its result.</summary>
    /// <param name="data">What an INSERT without data of its own inserts; null for other statements.</param>
    /// <exception cref="CliException">ClickHouse refuses the statement or breaks off its result.</exception>
    /// <exception cref="ClickHouseUnavailableException">It does not answer.</exception>
    /// <exception cref="ClickHouseRefusedException">ClickHouse would refuse every statement.</exception>
    public async Task<SqlSummary> RunAsync(string statement, Stream? data, Stream output, CancellationToken cancellation)
    {
        using var request = Request(statement, data);
        try
        {
            using var response = await _watch.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, cancellation);
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var tail = new ResultTail(HeaderOf(response.Headers, "X-ClickHouse-Exception-Tag"));
            await tail.CopyAsync(body, output, cancellation);
            return SqlSummary.Parse(HeaderOf(response.Headers, "X-ClickHouse-Summary"));
        }
        catch (Exception e) when (IsNoAnswer(e) && !cancellation.IsCancellationRequested)
        {
            throw e as ClickHouseUnavailableException ?? new ClickHouseUnavailableException(_endpoints.ClickHouse, e);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Tables that a terminal would wrap come with a line per column instead. ClickHouse counts their columns without frames, which are
    /// about a quarter.
    /// </summary>
    static string VerticalAbove(int columns) =>
        $"&output_format_pretty_fallback_to_vertical_min_table_width={columns * 3 / 4}"
        + "&output_format_pretty_fallback_to_vertical_max_rows_per_chunk=100";

    static bool IsNoAnswer(Exception e) =>
        e is ClickHouseUnavailableException or HttpRequestException or HttpIOException or IOException { InnerException: SocketException };

    /// <summary>ClickHouse's own words, except where it would take no statement at all.</summary>
    async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = (await response.Content.ReadAsStringAsync(cancellation)).Trim();
        var refused = int.TryParse(HeaderOf(response.Headers, "X-ClickHouse-Exception-Code"), CultureInfo.InvariantCulture, out var code)
            ? ClickHouseRefusedException.ForAddress(new ClickHouseException(code, text), _endpoints)
            : null;
        return refused ?? (Exception)new CliException(ExitCodes.Failed, text);
    }

    /// <summary>The statement is the body; where the body is data, the statement goes into the URL: https://clickhouse.com/docs/interfaces/http</summary>
    HttpRequestMessage Request(string statement, Stream? data) => data is null
        ? new(HttpMethod.Post, new Uri(_endpoints.ClickHouse, _settings)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(statement)) }
        : new(HttpMethod.Post, new Uri(_endpoints.ClickHouse, $"{_settings}&query={Uri.EscapeDataString(statement)}")) { Content = new StreamContent(data) };

    static string? HeaderOf(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
