using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Makes the managed client for questions and orders to Kafka.</summary>
static class AdminClient
{
    /// <param name="trouble">Told why it gets nowhere.</param>
    /// <exception cref="LibrdkafkaMissingException">Kafka's client library is not installed.</exception>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public static IAdminClient Create(StandEndpoints endpoints, ClientTrouble trouble)
    {
        var builder = new AdminClientBuilder(KafkaClientProperties.For(endpoints)).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => trouble.Note(error));
        return KafkaPropertyException.Guard(builder.Build);
    }
}
