using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DeleteGroups, versions 0 to 2 (KIP-229). Removes groups without members, with all their committed offsets.
//
// NON_EMPTY_GROUP             it has members
// GROUP_ID_NOT_FOUND          there is no such group
// COORDINATOR_NOT_AVAILABLE   the disk did not take it; nothing was deleted
static class DeleteGroupsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DeleteGroupsRequest.Read(ref reader, context.Version);
        var results = Array.ConvertAll(
            request.GroupIds, groupId => new DeleteGroupsResponse.Result(groupId, context.Broker.Groups.Delete(groupId)));
        new DeleteGroupsResponse(results).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
