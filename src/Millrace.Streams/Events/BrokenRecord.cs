using System.Text;
using Confluent.Kafka;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Events;

/// <summary>
/// A record that is no event of its stream: whoever watches sees it become a dead letter. Owns nothing; any thread may send one.
/// </summary>
public static class BrokenRecord
{
    /// <summary>The longest that anybody waits for the acknowledgement.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>JSON, so that the reason names each column that is missing.</summary>
    public const string Text = """{"broken": "sent from the page to be seen among the dead letters"}""";

    /// <returns>Where it lies.</returns>
    /// <exception cref="KafkaUnavailableException">Kafka did not acknowledge it.</exception>
    public static async Task<TopicPartitionOffset> SendAsync(
        StandEndpoints endpoints, StreamDefinition stream, CancellationToken cancellation)
    {
        var trouble = new ClientTrouble();
        using var producer = Open(endpoints, trouble);
        try
        {
            var message = new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(Text) };
            var delivered = await producer.ProduceAsync(stream.Topic, message, cancellation).ConfigureAwait(false);
            return delivered.TopicPartitionOffset;
        }
        catch (ProduceException<Null, byte[]> e) when (e.Error.IsLocalError)
        {
            throw trouble.ToException(endpoints.Kafka, Limit, e);
        }
        catch (ProduceException<Null, byte[]> e)
        {
            throw KafkaUnavailableException.Refused(endpoints.Kafka, $"Produce to {stream.Topic}", e.Error.Reason, e);
        }
    }

    static IProducer<Null, byte[]> Open(StandEndpoints endpoints, ClientTrouble trouble)
    {
        var properties = new ProducerConfig(KafkaClientProperties.For(endpoints))
        {
            Acks = Acks.All,
            LingerMs = 0,
            MessageTimeoutMs = (int)Limit.TotalMilliseconds,
        };
        var builder = new ProducerBuilder<Null, byte[]>(properties)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => trouble.Note(error));
        return KafkaPropertyException.Guard(builder.Build);
    }
}
