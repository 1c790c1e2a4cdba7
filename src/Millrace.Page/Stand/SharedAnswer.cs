using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;

namespace Millrace.Page.Stand;

/// <summary>Answers that views ask for again and again: one is made and written for all viewers.</summary>
static class SharedAnswer
{
    /// <param name="keep">A little less than a view waits before it asks again, so that a lone viewer always gets a new one.</param>
    public static void MapShared<T>(this IEndpointRouteBuilder routes, string path, TimeSpan keep, Func<Task<T>> make)
    {
        var shared = new Shared<byte[]>(
            async () => JsonSerializer.SerializeToUtf8Bytes(await make().ConfigureAwait(false), Answer.Json), keep, TimeProvider.System);
        routes.MapGet(path, context => SendAsync(context, shared));
    }

    static async Task SendAsync(HttpContext context, Shared<byte[]> shared) =>
        await Answer.WrittenJsonAsync(context, await shared.GetAsync(context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
}
