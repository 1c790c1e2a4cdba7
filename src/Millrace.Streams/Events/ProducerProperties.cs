using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Events;

/// <summary>The emitter's options as settings of librdkafka's producer.</summary>
static class ProducerProperties
{
    /// <summary>librdkafka's highest value: let bytes alone bound a batch, as in Kafka's own producer.</summary>
    const int ManyRecords = 1_000_000;

    /// <param name="tellsTimes">Delivery reports have the timestamp of their record.</param>
    public static ProducerConfig For(StandEndpoints endpoints, EmitterOptions options, bool tellsTimes = false) =>
        new(KafkaClientProperties.For(endpoints))
        {
            Acks = options.Acks,
            // Without it a batch whose answer was lost with the broker is appended again when it is sent again.
            EnableIdempotence = options.Acks == Acks.All,
            BatchSize = Math.Max(1, options.BatchSize),
            BatchNumMessages = options.BatchSize == 0 ? 1 : ManyRecords,
            LingerMs = options.LingerMs,
            CompressionType = options.Compression,
            // The partition that Kafka's own producer chooses for the key.
            Partitioner = Partitioner.Murmur2Random,
            // Wait for a broker that is away as long as it takes.
            MessageTimeoutMs = 0,
            QueueBufferingMaxMessages = EventProducer.MaxInFlight,
            // Counting needs only the outcome: key, value, headers and time of each record would cost as much as producing it.
            DeliveryReportFields = tellsTimes ? "timestamp" : "none",
        };
}
