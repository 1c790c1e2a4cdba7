using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DescribeCluster, versions 0 to 2 (KIP-700). The cluster is this one broker, which is also its controller.
//
// UNSUPPORTED_ENDPOINT_TYPE   controllers are asked for (KIP-919): there is no controller listener
static class DescribeClusterApi
{
    const sbyte Brokers = 1;

    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DescribeClusterRequest.Read(ref reader, context.Version);
        var clusterId = context.Broker.ClusterId;
        var broker = new DescribeClusterResponse.Broker(BrokerState.NodeId, context.Connection.Advertised.Host, context.Connection.Advertised.Port);
        var response = request.EndpointType == Brokers
            ? new DescribeClusterResponse(ErrorCode.None, null, Brokers, clusterId, BrokerState.NodeId, [broker])
            : new(ErrorCode.UnsupportedEndpointType, "this listener is a broker's", Brokers, clusterId, ControllerId: -1, []);
        response.Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
