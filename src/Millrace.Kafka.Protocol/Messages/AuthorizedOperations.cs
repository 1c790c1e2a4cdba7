namespace Millrace.Kafka.Protocol.Messages;

/// <summary>What a client may do with a cluster, a topic or a group, as a bit field (KIP-430).</summary>
static class AuthorizedOperations
{
    /// <summary>
    /// Not asked for, or asked of a broker without an authorizer (Apache Kafka, MetadataResponse.java: AUTHORIZED_OPERATIONS_OMITTED).
    /// </summary>
    public const int NotKnown = int.MinValue;
}
