using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Http;

/// <summary>Answers in JSON, with the names that the rest of Millrace writes.</summary>
static class Answer
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static async Task JsonAsync<T>(HttpContext context, int status, T value)
    {
        Begin(context, status);
        await JsonSerializer.SerializeAsync(context.Response.Body, value, Json, context.RequestAborted).ConfigureAwait(false);
    }

    public static Task JsonAsync<T>(HttpContext context, T value) => JsonAsync(context, StatusCodes.Status200OK, value);

    /// <summary>JSON that is written already, for whoever sends the same to many.</summary>
    public static async Task WrittenJsonAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        Begin(context, StatusCodes.Status200OK);
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The body of a request.</summary>
    /// <exception cref="RefusedException">It is no such JSON.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context)
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted).ConfigureAwait(false) is { } value)
                return value;
        }
        catch (JsonException e)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, $"That is not the JSON that {context.Request.Path} takes: {e.Message}");
        }
        throw new RefusedException(StatusCodes.Status400BadRequest, $"{context.Request.Path} takes JSON.");
    }

    static void Begin(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
    }
}
