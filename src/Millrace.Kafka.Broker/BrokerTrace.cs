using System.Net;
using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker;

/// <summary>
/// What the broker says about itself. Event ids: 1-99 the broker (4 Producers/ProducerTrace, 5 Basics/BasicTrace), 100-149
/// Network/NetworkTrace, 150-199 Topics/TopicTrace, 200-249 Log/LogTrace, 300-399 Groups/GroupTrace.
/// </summary>
static partial class BrokerTrace
{
    [LoggerMessage(1, LogLevel.Information, "broker listens on {EndPoint}; {Topics} topics in {Directory}; last shutdown clean: {Clean}")]
    public static partial void Started(this ILogger logger, EndPoint endPoint, int topics, string directory, bool clean);

    [LoggerMessage(2, LogLevel.Information, "broker on {EndPoint} stopped")]
    public static partial void Stopped(this ILogger logger, EndPoint endPoint);

    [LoggerMessage(3, LogLevel.Trace, "retention of topic {Topic} applied")]
    public static partial void RetentionApplied(this ILogger logger, string topic);

    [LoggerMessage(6, LogLevel.Warning, "the mark of a clean shutdown could not be written ({Reason}); the next start checks the logs as after a crash")]
    public static partial void MarkerNotWritten(this ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Warning, "a drill cuts off clients called {Prefix}... for {Length}: {Connections} connections ended")]
    public static partial void CutOff(this ILogger logger, string prefix, TimeSpan length, int connections);

    [LoggerMessage(8, LogLevel.Warning, "a drill makes the disk full for {Length}")]
    public static partial void DiskFilled(this ILogger logger, TimeSpan length);

    [LoggerMessage(9, LogLevel.Warning, "a drill lets clients called {Prefix}... in again")]
    public static partial void CutOffEnded(this ILogger logger, string prefix);

    [LoggerMessage(10, LogLevel.Warning, "a drill gives the disk its room back")]
    public static partial void DiskFreed(this ILogger logger);
}
