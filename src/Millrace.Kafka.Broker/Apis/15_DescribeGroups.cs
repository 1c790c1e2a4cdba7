using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DescribeGroups, versions 0 to 6.
// State, protocol and members of groups; subscriptions only of stable ones. Authorized operations (KIP-430) are unknown: there is no authorizer.
//
// GROUP_ID_NOT_FOUND   since version 6 (KIP-1043); before, such a group is Dead without an error
static class DescribeGroupsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DescribeGroupsRequest.Read(ref reader, context.Version);
        var groups = Array.ConvertAll(request.GroupIds, groupId => context.Broker.Groups.Describe(groupId, context.Version));
        new DescribeGroupsResponse(groups).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
