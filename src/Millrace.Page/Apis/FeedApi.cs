using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Feed;
using Millrace.Page.Http;
using Millrace.Page.Stand;

namespace Millrace.Page.Apis;

/// <summary>
/// What every view shows: <c>/feed</c>, server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) with a status
/// document each second, and <c>/api/past</c>, what was before them.
/// </summary>
sealed class FeedApi : IPageApi
{
    readonly StatusStream _stream = new();

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        routes.MapGet("/feed", context => _stream.SendAsync(context, stand.Hub, stand.Stopping));
        routes.MapGet("/api/past", context => Answer.JsonAsync(context, PastTable.Of(stand.Hub, Minutes(context))));
    }

    static int Minutes(HttpContext context) =>
        int.TryParse(context.Request.Query["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 60
            ? minutes
            : throw new RefusedException(StatusCodes.Status400BadRequest, "/api/past takes minutes=1 to 60.");
}
