using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.HttpAccess;
using Millrace.Secrets;

namespace Millrace.Page.Http;

/// <summary>
/// Who is let in, and what a browser may do with what it gets: the rule of every HTTP port of ours (docs/decisions/0005-http-access.md),
/// and a token where others than this machine reach the port. Immutable; any thread may ask.
/// </summary>
/// <param name="token">Comes with the printed link once, then as a cookie; none where the port is open to this machine only.</param>
/// <param name="port">Of the page: a browser sends the cookies of all ports of a host.</param>
sealed class Gate(AccessRule access, Secret token, int port)
{
    /// <summary>For whoever asks whether the page lives; tells nothing.</summary>
    const string Ping = "/ping";

    const string TokenParameter = "token";

    const string Bearer = "Bearer ";

    const string NoToken =
        "The page is open to the network, so it asks for the token in its link: `millrace ps` shows the link, and `millrace open` opens it.";

    readonly string _cookie = $"millrace_page_{port.ToString(CultureInfo.InvariantCulture)}";

    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        Restrict(context.Response.Headers);
        if (access.Judge(context.Request) is { } refusal)
            return RefuseAsync(context, StatusCodes.Status403Forbidden, $"{refusal.Reason}.");
        if (context.Request.Path == Ping) return context.Response.WriteAsync("Ok.\n", context.RequestAborted);
        if (token.IsEmpty || token.Matches(context.Request.Cookies[_cookie] ?? "") || BringsToken(context.Request)) return next(context);
        return token.Matches(context.Request.Query[TokenParameter].ToString())
            ? LetInAsync(context)
            : RefuseAsync(context, StatusCodes.Status401Unauthorized, NoToken);
    }

    /// <summary>As whoever collects /metrics does (https://www.rfc-editor.org/rfc/rfc6750#section-2.1).</summary>
    bool BringsToken(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var sent
        && sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && token.Matches(sent[Bearer.Length..]);

    /// <summary>
    /// No script, style or frame of anybody else; what a record holds is never taken for a document. docs/decisions/0014-the-page.md
    /// </summary>
    static void Restrict(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>
    /// The token leaves the address: it should not stand in a history. The cookie comes along when a link of another site is followed (Lax),
    /// and with nothing else that such a site does.
    /// </summary>
    Task LetInAsync(HttpContext context)
    {
        context.Response.Cookies.Append(
            _cookie, token.Reveal(), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true });
        var rest = context.Request.Query.Where(pair => pair.Key != TokenParameter);
        // One slash: two would lead to another host.
        context.Response.Redirect($"/{context.Request.Path.Value!.TrimStart('/')}{QueryString.Create(rest)}");
        return Task.CompletedTask;
    }

    static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
