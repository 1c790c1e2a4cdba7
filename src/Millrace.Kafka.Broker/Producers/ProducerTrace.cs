using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Producers;

/// <summary>What the owner of the producer ids reports. Id 4.</summary>
static partial class ProducerTrace
{
    [LoggerMessage(4, LogLevel.Error, "no producer id could be given out")]
    public static partial void ProducerIdsFailed(this ILogger logger, Exception exception);
}
