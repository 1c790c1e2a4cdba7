using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Kafka;

namespace Millrace.Page.Apis;

/// <summary><c>/api/groups</c>: every consumer group, its members, what they read and how far the group is.</summary>
sealed class GroupsApi : IPageApi
{
    static readonly TimeSpan Keep = TimeSpan.FromSeconds(1.8);

    public void Map(IEndpointRouteBuilder routes, PageStand stand) =>
        routes.MapShared("/api/groups", Keep, () => ListAsync(stand));

    static async Task<IReadOnlyList<GroupDescription>> ListAsync(PageStand stand)
    {
        var groups = (await stand.Kafka.FindGroupsAsync(stand.Stopping).ConfigureAwait(false)).Groups;
        var streams = stand.Hub.Last?.Flow?.Streams ?? [];
        var paused = streams.Where(stream => stream.Paused is true).Select(stream => stream.Topic).ToHashSet();
        return [.. groups.Select(group => group.GroupId == stand.Endpoints.Identity.Group ? group.WithPaused(paused) : group)];
    }
}
