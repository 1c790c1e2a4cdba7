using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Http;

/// <summary>Reads what an address asks for.</summary>
static class QueryValues
{
    /// <returns>null where it is not given, or empty.</returns>
    public static string? Text(this HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <exception cref="RefusedException">It is not given.</exception>
    public static string RequiredText(this HttpContext context, string name) =>
        context.Text(name) ?? throw Lacking(context, name, "a text");

    /// <exception cref="RefusedException">It is not given, or no number from 0.</exception>
    public static int RequiredInt(this HttpContext context, string name) =>
        int.TryParse(context.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Lacking(context, name, "a number from 0");

    /// <exception cref="RefusedException">It is not given, or no number from 0.</exception>
    public static long RequiredLong(this HttpContext context, string name) =>
        long.TryParse(context.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Lacking(context, name, "a number from 0");

    static RefusedException Lacking(HttpContext context, string name, string what) =>
        new(StatusCodes.Status400BadRequest, $"{context.Request.Path} takes {name}, {what}.");
}
