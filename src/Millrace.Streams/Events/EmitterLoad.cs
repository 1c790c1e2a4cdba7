namespace Millrace.Streams.Events;

/// <summary>What an emitter is asked for while it runs. Immutable.</summary>
/// <param name="EventsPerSecond">Of all streams together; 0: as many as Kafka takes.</param>
public sealed record EmitterLoad(int EventsPerSecond)
{
    public static EmitterLoad Of(EmitterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EmitterLoad(options.MessagesPerSecond);
    }

    /// <summary>The options of an emitter that is asked for this.</summary>
    public EmitterOptions Onto(EmitterOptions options) => options with { MessagesPerSecond = EventsPerSecond };
}
