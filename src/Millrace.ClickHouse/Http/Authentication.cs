using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Errors;
using Millrace.HttpAccess;
using Millrace.Secrets;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// Checks who asks. There is one user, <c>default</c>; credentials come as headers, as Basic or in the URL, in this order.
/// </summary>
static class Authentication
{
    /// <exception cref="EngineException">AUTHENTICATION_FAILED, in ClickHouse's words.</exception>
    public static void Check(HttpRequest request, Secret password)
    {
        var (user, given) = Credentials(request);
        if (user == "default" && password.Matches(given)) return;
        throw new EngineException(
            ErrorCodes.AuthenticationFailed, "AUTHENTICATION_FAILED",
            $"{user}: Authentication failed: password is incorrect, or there is no user with such name.");
    }

    /// <summary>ACCESS_DENIED, with what to do.</summary>
    public static EngineException InClickHousesWords(AccessRefusal refusal) => new(
        ErrorCodes.AccessDenied, "ACCESS_DENIED",
        refusal.PasswordHelps
            ? $"{refusal.Reason}. Ask by one of these, or start with MILLRACE_CLICKHOUSE_PASSWORD set: "
                + "whoever has the password may use any name."
            : $"{refusal.Reason}. Send the query from a program, or from such a page.");

    static (string User, string Password) Credentials(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.ContainsKey("X-ClickHouse-User") || headers.ContainsKey("X-ClickHouse-Key"))
            return (DefaultUser(headers["X-ClickHouse-User"]), headers["X-ClickHouse-Key"].ToString());
        if (Basic(headers.Authorization) is { } basic) return basic;
        return (DefaultUser(request.Query["user"]), request.Query["password"].ToString());
    }

    static (string User, string Password)? Basic(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var count)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, count).Split(':', 2);
        return (DefaultUser(pair[0]), pair.Length > 1 ? pair[1] : "");
    }

    static string DefaultUser(string? user) => string.IsNullOrEmpty(user) ? "default" : user;
}
