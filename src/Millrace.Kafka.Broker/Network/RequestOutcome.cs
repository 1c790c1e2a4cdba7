namespace Millrace.Kafka.Broker.Network;

/// <summary>What becomes of a connection after a request.</summary>
enum RequestOutcome
{
    /// <summary>The response is complete and to be sent.</summary>
    Answered,

    /// <summary>The client expects no answer: Produce with acks=0.</summary>
    NoAnswer,

    /// <summary>The connection is closed without an answer.</summary>
    Close,
}
