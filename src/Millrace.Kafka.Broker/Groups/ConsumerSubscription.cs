using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// The one thing a coordinator reads out of members' metadata: which topics a group of protocol type "consumer" is subscribed to, so that their
/// offsets are neither deleted nor expired under it.
/// </summary>
static class ConsumerSubscription
{
    public const string ProtocolType = "consumer";

    /// <summary>
    /// Subscription: int16 version, then an array of topic names, then what later versions added (Apache Kafka,
    /// clients/src/main/resources/common/message/ConsumerProtocolSubscription.json). Returns null for bytes that are something else.
    /// </summary>
    public static string[]? ReadTopics(byte[] metadata)
    {
        try
        {
            var reader = new KafkaReader(metadata);
            reader.ReadInt16();
            return reader.ReadStringArray(flexible: false);
        }
        catch (ProtocolViolationException)
        {
            return null;
        }
    }
}
