using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// The one thing a coordinator reads out of members' metadata: which topics a group of consumers is subscribed to, so that their offsets
/// are neither deleted nor expired under it.
/// </summary>
static class ConsumerSubscription
{
    /// <summary>null for bytes that are something else.</summary>
    public static string[]? ReadTopics(byte[] metadata)
    {
        try
        {
            return ConsumerProtocolSubscription.Read(metadata).Topics;
        }
        catch (ProtocolViolationException)
        {
            return null;
        }
    }
}
