using Microsoft.Extensions.Logging;

namespace Millrace.ClickHouse.Diagnostics;

/// <summary>What the host tells about itself. Ids 3000 to 3099.</summary>
static partial class ClickHouseTrace
{
    [LoggerMessage(3000, LogLevel.Information, "ClickHouse {Version} serves {Url}, data in {Directory}")]
    public static partial void Started(this ILogger logger, string version, Uri url, string directory);

    [LoggerMessage(3001, LogLevel.Information, "{Member} left group {Group}")]
    public static partial void LeftGroup(this ILogger logger, string member, string group);

    [LoggerMessage(
        3002, LogLevel.Warning, "{Member} did not leave group {Group} ({Error}): its partitions are free when its session times out")]
    public static partial void LeaveFailed(this ILogger logger, string member, string group, string error);

    [LoggerMessage(3003, LogLevel.Warning, "{Table} could not be detached: {Error}")]
    public static partial void DetachFailed(this ILogger logger, string table, string error);

    [LoggerMessage(3004, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(3005, LogLevel.Warning, "Queries still run after {Timeout}: the engine ends with the process")]
    public static partial void DrainTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(3006, LogLevel.Warning, "The queue tables did not stop within {Timeout}: the engine ends with the process")]
    public static partial void DetachTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(3007, LogLevel.Warning, "The queue tables could not be listed, so none leaves its group: {Error}")]
    public static partial void QueueTablesUnknown(this ILogger logger, string error);

    [LoggerMessage(3008, LogLevel.Warning, "The engine did not stop within {Timeout}: it ends with the process")]
    public static partial void StopTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(3010, LogLevel.Debug, "Query {QueryId} failed: {Error}")]
    public static partial void QueryFailed(this ILogger logger, string queryId, string error);

    [LoggerMessage(3011, LogLevel.Warning, "Query {QueryId} failed after part of its result was sent: {Error}")]
    public static partial void FailedMidStream(this ILogger logger, string queryId, string error);

    [LoggerMessage(3012, LogLevel.Error, "Query {QueryId} failed in the host: {Error}")]
    public static partial void FailedInHost(this ILogger logger, string queryId, string error);
}
