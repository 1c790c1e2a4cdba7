using Microsoft.AspNetCore.Http;

namespace Millrace.ClickHouse.Http;

/// <summary>The addresses that run no query.</summary>
static class PlainEndpoints
{
    /// <summary>Health checks: / without a query, /ping, /replicas_status. They never wait for the engine.</summary>
    public static Task OkAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=UTF-8";
        return context.Response.WriteAsync("Ok.\n");
    }

    public static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=UTF-8";
        return context.Response.WriteAsync($"""
            There is no handle {context.Request.Path}{context.Request.QueryString}

            Use / or /ping for health checks.
            Or /replicas_status for more sophisticated health checks.

            Send queries from your program with POST method or GET /?query=...

            """);
    }
}
