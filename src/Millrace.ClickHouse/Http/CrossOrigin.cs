using Microsoft.AspNetCore.Http;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// What a browser must hear before a page of another origin may ask, and read the answer:
/// https://fetch.spec.whatwg.org/#http-cors-protocol.
/// Comes after AccessRule, which has let in nothing but origins that may; a refused one gets no such header. ClickHouse has it behind
/// add_http_cors_header, for every origin.
/// </summary>
static class CrossOrigin
{
    const string Readable = "X-ClickHouse-Query-Id, X-ClickHouse-Summary, X-ClickHouse-Format, X-ClickHouse-Timezone, "
        + "X-ClickHouse-Server-Display-Name, X-ClickHouse-Exception-Code, X-ClickHouse-Exception-Tag";

    /// <summary>In seconds: a day.</summary>
    const string MaxAge = "86400";

    /// <summary>Lets the page read the answer.</summary>
    public static void Allow(HttpContext context)
    {
        if (Origin(context) is not { } origin) return;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = Readable;
        headers.Vary = "Origin";
    }

    /// <summary>An OPTIONS by which a browser asks first. Any other is a method like PUT.</summary>
    public static bool IsPreflight(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method) && Origin(context) is not null
        && context.Request.Headers.AccessControlRequestMethod.Count > 0;

    public static Task AnswerPreflightAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = MethodRule.Allowed;
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = MaxAge;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    static string? Origin(HttpContext context) => context.Request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : null;
}
