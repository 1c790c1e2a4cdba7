using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Basics;

/// <summary>What any part of the broker may report. Id 5.</summary>
static partial class BasicTrace
{
    [LoggerMessage(5, LogLevel.Error, "{What} failed; the broker goes on")]
    public static partial void BackgroundFailed(this ILogger logger, Exception exception, string what);
}
