using System.Diagnostics.Metrics;

namespace Millrace.Streams.Events;

/// <summary>
/// What an emitter measures of itself, by OpenTelemetry's names (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics):
/// its counts are there anyway, and are looked at when somebody asks.
/// </summary>
sealed class EmitterMeters : IDisposable
{
    readonly Meter _meter = new("Millrace.Emitter");

    public EmitterMeters(IReadOnlyList<TopicCounter> topics) => _meter.CreateObservableCounter(
        "messaging.client.sent.messages", () => topics.SelectMany(Sent), "{message}", "Events acknowledged, or refused for good.");

    public void Dispose() => _meter.Dispose();

    static IEnumerable<Measurement<long>> Sent(TopicCounter topic)
    {
        KeyValuePair<string, object?>[] tags = [new("messaging.system", "kafka"), new("messaging.destination.name", topic.Topic)];
        yield return new(topic.Acknowledged, tags);
        if (topic.Failed > 0) yield return new(topic.Failed, [.. tags, new("error.type", "refused")]);
    }
}
