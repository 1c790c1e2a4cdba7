using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// OffsetFetch, versions 1 to 9; several groups at once from version 8 (KIP-709).
// Says where groups will go on reading. Null instead of topics asks for all that is committed. What was never committed, of groups, topics and
// partitions that are there or not, is offset -1 without an error.
//
// Differs from Apache Kafka: require_stable (KIP-447) changes nothing, as there are no transactions.
static class OffsetFetchApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = OffsetFetchRequest.Read(ref reader, context.Version);
        var response = new OffsetFetchResponse(Array.ConvertAll(request.Groups, context.Broker.Groups.FetchOffsets));
        response.Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }
}
