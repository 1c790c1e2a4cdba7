using Microsoft.AspNetCore.Http;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// Which HTTP methods there are. A GET may only read, since a link in a page sends one: what writes, changes or reaches out is for POST.
/// ClickHouse's server has the same three, and answers any other with 501 (src/Server/HTTPHandlerFactory.cpp).
/// </summary>
static class MethodRule
{
    public const string Allowed = "GET, HEAD, POST";

    public static bool Refuses(HttpRequest request) => !IsRead(request) && !HttpMethods.IsPost(request.Method);

    /// <summary>GET and HEAD may not change anything, but may change settings: readonly = 2.</summary>
    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = Allowed;
        context.Response.ContentType = "text/plain; charset=UTF-8";
        return context.Response.WriteAsync($"{context.Request.Method} is not served here: read with GET, write with POST.\n");
    }
}
