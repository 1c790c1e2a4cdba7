using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// ListGroups, versions 0 to 5; filters by state from version 4 (KIP-518), by type from version 5 (KIP-848).
// Every group that has members or committed offsets. All are of type "classic".
static class ListGroupsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = ListGroupsRequest.Read(ref reader, context.Version);
        context.Broker.Groups.List(request).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
