namespace Millrace.Streams.Kafka;

/// <summary>librdkafka does not take a property of the profile. The message is one sentence that ends with what to do.</summary>
public sealed class KafkaPropertyException(string reason, Exception? cause = null)
    : Exception(
        $"Kafka's client library does not take the profile's properties ({reason.TrimEnd('.')}): "
            + "see https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md",
        cause)
{
    /// <summary>Builds a client of Confluent.Kafka, which reports a wrong property as an invalid operation.</summary>
    internal static T Guard<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (InvalidOperationException e)
        {
            throw new KafkaPropertyException(e.Message, e);
        }
    }
}
