using System.Net;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker;

/// <summary>What the broker says about itself. Event ids: 1-99 the broker, 100-149 network, 150-199 topics, 200-249 Log/LogTrace, 300-399 Groups/GroupTrace.</summary>
static partial class BrokerTrace
{
    [LoggerMessage(1, LogLevel.Information, "broker listens on {EndPoint}; {Topics} topics in {Directory}; last shutdown clean: {Clean}")]
    public static partial void Started(this ILogger logger, EndPoint endPoint, int topics, string directory, bool clean);

    [LoggerMessage(2, LogLevel.Information, "broker on {EndPoint} stopped")]
    public static partial void Stopped(this ILogger logger, EndPoint endPoint);

    [LoggerMessage(3, LogLevel.Trace, "retention of topic {Topic} applied")]
    public static partial void RetentionApplied(this ILogger logger, string topic);

    [LoggerMessage(4, LogLevel.Error, "no producer id could be given out")]
    public static partial void ProducerIdsFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "{What} failed; the broker goes on")]
    public static partial void BackgroundFailed(this ILogger logger, Exception exception, string what);

    [LoggerMessage(6, LogLevel.Warning, "the mark of a clean shutdown could not be written ({Reason}); the next start checks the logs as after a crash")]
    public static partial void MarkerNotWritten(this ILogger logger, string reason);

    [LoggerMessage(100, LogLevel.Warning, "connection of {Peer} closed: {Reason}")]
    public static partial void FrameRefused(this ILogger logger, EndPoint peer, string reason);

    [LoggerMessage(101, LogLevel.Debug, "connection of {Peer} lost: {Reason}")]
    public static partial void ConnectionLost(this ILogger logger, EndPoint peer, string reason);

    [LoggerMessage(102, LogLevel.Warning, "connection of {Peer} closed: {ApiKey} v{Version}, correlation id {CorrelationId}: {Reason}")]
    public static partial void RequestRefused(
        this ILogger logger, EndPoint peer, ApiKey apiKey, short version, int correlationId, string reason);

    [LoggerMessage(103, LogLevel.Error, "connection of {Peer} closed: {ApiKey} v{Version}, correlation id {CorrelationId} failed")]
    public static partial void RequestFailed(
        this ILogger logger, Exception exception, EndPoint peer, ApiKey apiKey, short version, int correlationId);

    [LoggerMessage(104, LogLevel.Trace, "{ApiKey} v{Version}, correlation id {CorrelationId}, of {ClientId} at {Peer}")]
    public static partial void RequestReceived(
        this ILogger logger, ApiKey apiKey, short version, int correlationId, string clientId, EndPoint peer);

    [LoggerMessage(105, LogLevel.Warning, "a connection could not be accepted: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, string reason);

    [LoggerMessage(108, LogLevel.Error, "a connection could not be accepted; the broker goes on")]
    public static partial void AcceptFailedUnexpectedly(this ILogger logger, Exception exception);

    [LoggerMessage(106, LogLevel.Debug, "connection of {Peer} closed: nothing has moved on it for too long")]
    public static partial void ConnectionIdle(this ILogger logger, EndPoint peer);

    [LoggerMessage(107, LogLevel.Warning, "connections wait until others close: {Advice}")]
    public static partial void NoRoomForConnections(this ILogger logger, string advice);

    [LoggerMessage(150, LogLevel.Information, "topic {Topic} now has {Partitions} partitions")]
    public static partial void TopicExtended(this ILogger logger, string topic, int partitions);

    [LoggerMessage(151, LogLevel.Information, "topic {Topic} deleted")]
    public static partial void TopicDeleted(this ILogger logger, string topic);

    [LoggerMessage(152, LogLevel.Error, "topic {Topic} could not be created, changed or deleted")]
    public static partial void TopicStorageFailed(this ILogger logger, Exception exception, string topic);

    [LoggerMessage(153, LogLevel.Warning, "topic {Topic}: there is no room for {Partitions} more partitions: {Advice}")]
    public static partial void NoRoomForPartitions(this ILogger logger, string topic, int partitions, string advice);

    [LoggerMessage(154, LogLevel.Warning, "{Directory} held {Bytes} bytes of records that no topic spoke of; it is {Aside} now")]
    public static partial void DirectorySetAside(this ILogger logger, string directory, long bytes, string aside);

    [LoggerMessage(155, LogLevel.Warning, "{Directory} is left alone: {Reason}")]
    public static partial void DirectoryLeftAlone(this ILogger logger, string directory, string reason);

    [LoggerMessage(156, LogLevel.Information, "{Count} directories of partitions that were never finished have been deleted")]
    public static partial void UnfinishedDeleted(this ILogger logger, int count);

    [LoggerMessage(157, LogLevel.Warning, "{Reason}; it is {Aside} now")]
    public static partial void FileSetAside(this ILogger logger, string reason, string aside);
}
