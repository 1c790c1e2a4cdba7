using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Feed;
using Millrace.Page.Http;
using Millrace.Page.Stand;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/logs</c>: the logs of all services as server-sent events, the last lines first. 409: no supervisor of ours keeps the stand;
/// 503: as many read them as may.
/// </summary>
sealed class LogsApi : IPageApi
{
    /// <summary>Each reads every log by itself.</summary>
    const int MostReaders = 16;

    int _readers;

    public void Map(IEndpointRouteBuilder routes, PageStand stand) => routes.MapGet("/api/logs", context => SendAsync(context, stand));

    async Task SendAsync(HttpContext context, PageStand stand)
    {
        if (stand.Supervisor is not { } supervisor)
            throw new RefusedException(
                StatusCodes.Status409Conflict, "No supervisor of Millrace keeps this stand: its logs are where its services write them.");
        try
        {
            if (Interlocked.Increment(ref _readers) > MostReaders)
                throw new RefusedException(
                    StatusCodes.Status503ServiceUnavailable, $"{MostReaders} pages read the logs already: close one.");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stand.Stopping);
            await EventStream.SendAsync(context, LogEvents.ReadAsync(supervisor, ended.Token), ended.Token).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }
}
