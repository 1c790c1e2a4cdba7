using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>One request while it is being answered: header fields, body, and the response under construction.</summary>
/// <remarks>Used by one handler at a time. <see cref="Body"/> is valid until the handler ends.</remarks>
sealed class RequestContext
{
    public required BrokerState Broker { get; init; }

    public required short Version { get; init; }

    /// <summary>
    /// Whether this version has compact types and tagged fields (KIP-482): the <c>flexible</c> argument of reader and writer.
    /// </summary>
    public required bool Flexible { get; init; }

    /// <summary>client.id; empty when the client sent none.</summary>
    public required string ClientId { get; init; }

    public required ConnectionInfo Connection { get; init; }

    /// <summary>Request bytes after the header.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Takes the response body; the dispatcher has written the header.</summary>
    public required KafkaWriter Response { get; init; }

    /// <summary>Set by Produce with acks=0: the client expects no answer.</summary>
    public bool SuppressResponse { get; set; }

    /// <summary>
    /// Set to close the connection without an answer, as Apache Kafka does when a Produce with acks=0 fails; from the start for a client
    /// that a drill cuts off.
    /// </summary>
    public bool CloseConnection { get; set; }

    public KafkaReader CreateReader() => new(Body);
}
