using Microsoft.Extensions.Logging;

namespace Millrace.Streams.Events;

/// <summary>What the emitter says. Ids 3200 to 3299.</summary>
static partial class EmitterTrace
{
    [LoggerMessage(3200, LogLevel.Information,
        "emitting {Rate} to {Bootstrap}, acks {Acks}, seed {Seed}")]
    public static partial void Started(ILogger log, WantedRate rate, string bootstrap, string acks, int seed);

    [LoggerMessage(3201, LogLevel.Warning,
        "acks {Acks} without idempotence: a broker that crashes can lose acknowledged events, "
        + "and a retry can store one twice; acks all prevents both")]
    public static partial void CanLose(ILogger log, string acks);

    [LoggerMessage(3202, LogLevel.Warning,
        "Kafka at {Bootstrap} is away: events wait, and beyond {MaxInFlight} none are made until it is back")]
    public static partial void KafkaIsAway(ILogger log, string bootstrap, int maxInFlight);

    [LoggerMessage(3203, LogLevel.Information, "Kafka at {Bootstrap} is back; {InFlight} events are on their way")]
    public static partial void KafkaIsBack(ILogger log, string bootstrap, long inFlight);

    [LoggerMessage(3204, LogLevel.Error,
        "the producer can't go on ({Reason}) and is replaced; what is unacknowledged of {InFlight} events counts as failed")]
    public static partial void ProducerReplaced(ILogger log, string reason, long inFlight);

    [LoggerMessage(3205, LogLevel.Debug, "librdkafka {Facility}: {Text}")]
    public static partial void Librdkafka(ILogger log, string facility, string text);

    [LoggerMessage(3206, LogLevel.Information, "shares of the events that are bad on purpose: {Shares}")]
    public static partial void BadOnPurpose(ILogger log, EventShares shares);
}
