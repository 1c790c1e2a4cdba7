using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Makes the client for questions and orders to Kafka.</summary>
static class AdminClient
{
    /// <summary>
    /// Disposing of the client waits until its thread looks up from waiting for answers: 100 ms unless told, which every command would pay
    /// at its end.
    /// </summary>
    const int LookUpMilliseconds = 5;

    /// <param name="trouble">Told why it gets nowhere.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public static IAdminClient Create(StandEndpoints endpoints, ClientTrouble trouble)
    {
        var properties = new AdminClientConfig(KafkaClientProperties.For(endpoints)) { CancellationDelayMaxMs = LookUpMilliseconds };
        return KafkaPropertyException.Guard(
            new AdminClientBuilder(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => trouble.Note(error)).Build);
    }
}
