using Microsoft.AspNetCore.Routing;
using Millrace.Page.Stand;

namespace Millrace.Page.Apis;

/// <summary>What a view of the page asks: its addresses below <c>/api</c>, and what they answer.</summary>
interface IPageApi
{
    void Map(IEndpointRouteBuilder routes, PageStand stand);
}

/// <summary>All there are.</summary>
static class PageApis
{
    public static IReadOnlyList<IPageApi> All { get; } =
    [
        new FeedApi(),
        new StandApi(),
        new ActionsApi(),
        new LogsApi(),
        new FindApi(),
        new DeadLettersApi(),
        new TopicsApi(),
        new GroupsApi(),
        new TablesApi(),
        new QueryApi(),
        new AuditApi(),
        new BusinessApi(),
    ];
}
