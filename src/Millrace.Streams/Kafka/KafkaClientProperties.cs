using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>What every Kafka client of this process starts from.</summary>
public static class KafkaClientProperties
{
    /// <summary>How long a question to Kafka may take before the answer is that there is none.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public static ClientConfig For(StandEndpoints endpoints)
    {
        var properties = new ClientConfig
        {
            BootstrapServers = endpoints.Kafka,
            ClientId = "millrace",
            // librdkafka doubles its pause up to 10 s: a broker that is back would stand unnoticed for that long.
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 1000,
        };
        foreach (var (name, value) in endpoints.KafkaProperties) properties.Set(name, value.Reveal());
        return properties;
    }
}
