using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// FindCoordinator, versions 0 to 6; several keys at once from version 4 (KIP-699).
// The coordinator of every group is this broker. So it is of every transactional id: InitProducerId then says that there are no transactions,
// which ends the client's wait, where an error here would have it ask for ever.
//
// INVALID_REQUEST   any other key type: share groups (2, KIP-932) are not served
static class FindCoordinatorApi
{
    /// <summary>Apache Kafka's message of no error before version 4 (FindCoordinatorResponse.java: prepareOldResponse).</summary>
    const string OldSuccess = "NONE";

    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = FindCoordinatorRequest.Read(ref reader, context.Version);
        var isKnownType = request.KeyType is FindCoordinatorRequest.GroupKey or FindCoordinatorRequest.TransactionKey;
        var coordinators = request.Keys.Select(key => isKnownType ? Here(context, key) : Nowhere(key, request.KeyType));
        new FindCoordinatorResponse([.. coordinators]).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static FindCoordinatorResponse.Coordinator Here(RequestContext context, string key)
    {
        var advertised = context.Connection.Advertised;
        var message = context.Version < FindCoordinatorRequest.FirstBatched ? OldSuccess : "";
        return new(key, BrokerState.NodeId, advertised.Host, advertised.Port, ErrorCode.None, message);
    }

    static FindCoordinatorResponse.Coordinator Nowhere(string key, sbyte keyType) =>
        new(key, -1, "", -1, ErrorCode.InvalidRequest, $"coordinators of key type {keyType} are not served");
}
