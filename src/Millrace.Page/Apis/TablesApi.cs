using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Explain;

namespace Millrace.Page.Apis;

/// <summary><c>/api/tables</c>: rows, parts, bytes and merges of the stand's tables; <c>/api/tables/rows</c>: the newest of one.</summary>
sealed class TablesApi : IPageApi
{
    static readonly TimeSpan Keep = TimeSpan.FromSeconds(1.8);

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        routes.MapShared("/api/tables", Keep, () => TableFactsReader.ReadAsync(stand.ClickHouse, stand.Catalog, stand.Stopping));
        routes.MapGet("/api/tables/rows", context => ShowAsync(context, stand));
    }

    /// <summary>The name becomes a part of SQL, so it has to be one that the definitions have.</summary>
    static async Task ShowAsync(HttpContext context, PageStand stand)
    {
        var table = context.RequiredText("table");
        if (!TableFactsReader.TablesOf(stand.Catalog).Contains(table))
            throw new RefusedException(StatusCodes.Status404NotFound, $"No table of the stand is called {table}.");
        var rows = await TableFactsReader.NewestRowsAsync(stand.ClickHouse, table, context.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(context, rows).ConfigureAwait(false);
    }
}
