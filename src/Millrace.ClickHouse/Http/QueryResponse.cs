using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Http;

/// <summary>Tells Kestrel to end a response as broken. Nobody else sees it.</summary>
sealed class ResponseCutOffException : Exception;

/// <summary>The answer to one request: headers once, then either a body or an exception. For one request, one thread at a time.</summary>
sealed class QueryResponse
{
    const string PlainText = "text/plain; charset=UTF-8";

    readonly HttpContext _context;
    readonly Engine _engine;
    readonly string _exceptionTag = RandomTag();
    readonly long _started = Stopwatch.GetTimestamp();
    QueryRequest? _request;
    Stream? _body;

    public QueryResponse(HttpContext context, Engine engine, string queryId)
    {
        _context = context;
        _engine = engine;
        var headers = context.Response.Headers;
        headers["X-ClickHouse-Query-Id"] = HeaderText(queryId);
        headers["X-ClickHouse-Timezone"] = engine.TimeZone;
        headers["X-ClickHouse-Server-Display-Name"] = Environment.MachineName;
        headers["X-ClickHouse-Exception-Tag"] = _exceptionTag;
    }

    /// <summary>From here on answers, errors too, are packed as the request asks.</summary>
    public void Accept(QueryRequest request) => _request = request;

    /// <inheritdoc cref="QueryRequest.ReadOnly"/>
    public bool ReadsOnly => _request?.ReadOnly ?? MethodRule.IsRead(_context.Request);

    /// <summary>Sets the headers of a good answer.</summary>
    /// <returns>Where its body goes; <see cref="FinishAsync"/> ends it.</returns>
    public Stream Start(QueryRun query, QueryStatistics statistics)
    {
        var headers = _context.Response.Headers;
        headers.ContentType = query.Format is null ? PlainText : ContentTypes.Of(query.Format);
        // Clients tell an empty result from none by this header.
        if (query.Format is not null) headers["X-ClickHouse-Format"] = HeaderText(query.Format);
        if (_request?.SessionTimeZone is { } timeZone) headers["X-ClickHouse-Timezone"] = HeaderText(timeZone);
        headers[SummaryHeader.Name] = SummaryHeader.Format(statistics, Stopwatch.GetElapsedTime(_started));
        foreach (var (name, value) in query.Headers) headers[name] = value;
        return _body = OpenBody();
    }

    public ValueTask FinishAsync() => _body!.DisposeAsync();

    /// <summary>Answers with an error, in the status where that is still possible, in the body where it is not.</summary>
    public async Task FailAsync(EngineException error)
    {
        var text = $"{error.Message} (version {_engine.Version})\n";
        if (_context.Response.HasStarted) await FailMidStreamAsync(text);
        else await FailBeforeBodyAsync(error.Code, text);
    }

    async Task FailBeforeBodyAsync(int code, string text)
    {
        var response = _context.Response;
        response.StatusCode = ExceptionStatus.Of(code);
        response.ContentType = PlainText;
        response.Headers["X-ClickHouse-Exception-Code"] = code.ToString(CultureInfo.InvariantCulture);
        response.Headers[SummaryHeader.Name] = SummaryHeader.Format(default, Stopwatch.GetElapsedTime(_started));
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Basic realm=\"ClickHouse server HTTP API\"";
        // A body opened before holds bytes of a result that will not be: it is dropped unfinished.
        _body = OpenBody();
        await _body.WriteAsync(Encoding.UTF8.GetBytes(text), _context.RequestAborted);
        await FinishAsync();
    }

    // ClickHouse 25.11 and later: the text between two markers that carry the tag of the header, its length in bytes after it; then the
    // chunked encoding breaks off.
    // https://github.com/ClickHouse/ClickHouse/blob/master/src/Server/HTTP/WriteBufferFromHTTPServerResponse.cpp
    async Task FailMidStreamAsync(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var trailer = $"\r\n__exception__\r\n{_exceptionTag}\r\n{text}{length} {_exceptionTag}\r\n__exception__\r\n";
        await _body!.WriteAsync(Encoding.UTF8.GetBytes(trailer), _context.RequestAborted);
        await FinishAsync();
        await _context.Response.Body.FlushAsync(_context.RequestAborted);
        // Kestrel then closes without the last chunk. HttpContext.Abort resets the connection, and the client loses the text.
        throw new ResponseCutOffException();
    }

    Stream OpenBody() => _request is null ? _context.Response.Body : ResponseBody.Open(_context, _request);

    /// <summary>Kestrel refuses anything but visible ASCII in a header: other text comes back as it stands in a URL.</summary>
    static string HeaderText(string text) => text.All(c => c is >= ' ' and <= '~') ? text : Uri.EscapeDataString(text);

    static string RandomTag() => System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 16);
}
