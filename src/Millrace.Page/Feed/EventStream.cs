using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Feed;

/// <summary>
/// Writes server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) and keeps their connection open between them.
/// Each request has its own.
/// </summary>
static class EventStream
{
    /// <summary>Keeps a connection that a proxy would close for want of traffic.</summary>
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <param name="events">The next one is asked for only when the one before is written.</param>
    public static async Task SendAsync(HttpContext context, IAsyncEnumerable<byte[]> events, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var body = context.Response.Body;
        // A browser asks again after so many milliseconds when the connection ends.
        await body.WriteAsync("retry: 1000\n\n"u8.ToArray(), cancellation).ConfigureAwait(false);
        await body.FlushAsync(cancellation).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var source = events.GetAsyncEnumerator(over.Token);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (await IsNextAsync(next, body, cancellation).ConfigureAwait(false))
            {
                await body.WriteAsync(source.Current, cancellation).ConfigureAwait(false);
                await body.FlushAsync(cancellation).ConfigureAwait(false);
                next = source.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // The source may be disposed of only when nobody waits for its next one.
            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    static async Task<bool> IsNextAsync(Task<bool> next, Stream body, CancellationToken cancellation)
    {
        while (await Task.WhenAny(next, Task.Delay(Heartbeat, cancellation)).ConfigureAwait(false) != next)
        {
            cancellation.ThrowIfCancellationRequested();
            await body.WriteAsync(": still here\n\n"u8.ToArray(), cancellation).ConfigureAwait(false);
            await body.FlushAsync(cancellation).ConfigureAwait(false);
        }
        return await next.ConfigureAwait(false);
    }
}
