using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.ClickHouse;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/query</c>: what somebody typed, run by the stand's ClickHouse (see <see cref="AdHocQueries"/> for its limits), and
/// <c>/api/query/progress</c>, how far it is. A browser that goes away ends its query. 422: ClickHouse's own sentence.
/// </summary>
sealed partial class QueryApi : IPageApi
{
    /// <summary>By the name of a download's format: its ending.</summary>
    static readonly Dictionary<string, string> Downloads =
        new() { ["CSVWithNames"] = "csv", ["JSONEachRow"] = "json", ["Parquet"] = "parquet" };

    /// <summary>
    /// Each query may take the memory that one may. It has ended when its answer begins (wait_end_of_query): what is on its way to a browser
    /// lies on ClickHouse's disk.
    /// </summary>
    readonly ConcurrencyLimit _running = new(4);

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        var queries = new AdHocQueries(stand.Endpoints);
        stand.Stopping.Register(queries.Dispose);
        routes.MapPost("/api/query", context => RunAsync(context, queries));
        routes.MapGet("/api/query/progress", context => ProgressAsync(context, queries));
    }

    async Task RunAsync(HttpContext context, AdHocQueries queries)
    {
        var asked = await Answer.ReadAsync<QueryAsked>(context).ConfigureAwait(false);
        if (string.IsNullOrWhiteSpace(asked.Sql)) throw new RefusedException(StatusCodes.Status400BadRequest, "There is no query.");
        var format = asked.Format ?? AdHocQueries.TableFormat;
        if (format != AdHocQueries.TableFormat && !Downloads.ContainsKey(format))
            throw new RefusedException(StatusCodes.Status400BadRequest, $"A result can be had as {string.Join(", ", Downloads.Keys)}.");
        var id = IdOf(asked.Id);
        using var answer = await _running
            .RunAsync(context, () => queries.AskAsync(asked.Sql, format, id, context.RequestAborted)).ConfigureAwait(false);
        Describe(context.Response, asked.Format, answer.Format);
        await answer.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What a FORMAT clause asks for is shown as the text it is; only a download is ever a file.</summary>
    static void Describe(HttpResponse response, string? download, string format)
    {
        response.Headers.CacheControl = "no-store";
        response.ContentType = (download, format) switch
        {
            (null, AdHocQueries.TableFormat) => "application/json",
            (null, _) => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        if (download is not null)
            response.Headers.ContentDisposition = $"attachment; filename=\"millrace.{Downloads.GetValueOrDefault(format, "txt")}\"";
    }

    static async Task ProgressAsync(HttpContext context, AdHocQueries queries)
    {
        var progress = await queries.ProgressAsync(IdOf(context.Request.Query["id"]), context.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(context, new ProgressAnswer(progress)).ConfigureAwait(false);
    }

    /// <summary>Of the queries of pages only: nobody looks at others' through it.</summary>
    static string IdOf(string? id) => id is not null && Id().IsMatch(id)
        ? $"millrace-page-{id}"
        : throw new RefusedException(StatusCodes.Status400BadRequest, "A query has an id of letters, digits and hyphens.");

    [GeneratedRegex(@"^[A-Za-z0-9-]{8,64}\z")]
    private static partial Regex Id();
}

/// <summary>Immutable.</summary>
/// <param name="Id">Made by the browser, another one for each query.</param>
/// <param name="Format">For a download; null for the view.</param>
sealed record QueryAsked(string? Sql, string? Id, string? Format);

/// <summary>Immutable.</summary>
/// <param name="Progress">null when no such query runs.</param>
sealed record ProgressAnswer(QueryProgress? Progress);
