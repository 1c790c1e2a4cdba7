using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Charts;
using Millrace.Streams.ClickHouse;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/business</c>: the charts that the declarations of the streams suggest, each with the answer to its query. Asked one after the
/// other: a page that is looked at should not be what the tables are busy with.
/// </summary>
sealed class BusinessApi : IPageApi
{
    static readonly TimeSpan Keep = TimeSpan.FromSeconds(9);

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        var queries = new AdHocQueries(stand.Endpoints);
        stand.Stopping.Register(queries.Dispose);
        routes.MapShared("/api/business", Keep, () => AskAsync(stand, queries));
    }

    static async Task<BusinessAnswer> AskAsync(PageStand stand, AdHocQueries queries)
    {
        var panels = new List<PanelAnswer>();
        foreach (var chart in StandCharts.Of(stand.Catalog.Streams))
            panels.Add(await AskAsync(chart, queries, stand.Stopping).ConfigureAwait(false));
        return new BusinessAnswer(panels);
    }

    static async Task<PanelAnswer> AskAsync(ChartQuery chart, AdHocQueries queries, CancellationToken stopping)
    {
        var panel = new PanelAnswer(chart.Title, chart.About, chart.Kind, chart.Sql, null, null);
        try
        {
            var id = $"{Guid.NewGuid()}";
            using var answer = await queries.AskAsync(chart.Sql, AdHocQueries.TableFormat, id, stopping).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            await answer.CopyToAsync(bytes, stopping).ConfigureAwait(false);
            return panel with { Table = JsonSerializer.Deserialize<JsonElement>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) };
        }
        catch (ClickHouseUnavailableException)
        {
            throw;
        }
        catch (ClickHouseTroubleException e)
        {
            return panel with { Error = e.Message };
        }
    }
}

/// <summary>Immutable.</summary>
sealed record BusinessAnswer(IReadOnlyList<PanelAnswer> Panels);

/// <summary>A chart and what it shows now. Immutable.</summary>
/// <param name="Table">As ClickHouse wrote it; null when it refused.</param>
/// <param name="Error">ClickHouse's sentence; null when all is well.</param>
sealed record PanelAnswer(string Title, string About, ChartKind Kind, string Sql, JsonElement? Table, string? Error);
