using System.Net;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Network;

/// <summary>What connections and their requests report. Ids 100 to 149.</summary>
static partial class NetworkTrace
{
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

    [LoggerMessage(109, LogLevel.Debug, "the broker does not listen on {Address}: {Reason}")]
    public static partial void OneLoopback(this ILogger logger, IPAddress address, string reason);
}
