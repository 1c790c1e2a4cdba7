using Microsoft.Extensions.Logging;

namespace Millrace.Streams.Setup;

/// <summary>What a setup reports. Event ids 3100 to 3199.</summary>
static partial class SetupTrace
{
    [LoggerMessage(3100, LogLevel.Information, "created topic {Topic}")]
    public static partial void TopicCreated(this ILogger logger, string topic);

    [LoggerMessage(3101, LogLevel.Information, "raised the partitions of topic {Topic}")]
    public static partial void PartitionsRaised(this ILogger logger, string topic);

    [LoggerMessage(3102, LogLevel.Information, "{Why}: {Statement}")]
    public static partial void StatementApplied(this ILogger logger, string why, string statement);

    [LoggerMessage(3103, LogLevel.Information, "everything is as defined ({Milliseconds} ms)")]
    public static partial void NothingToDo(this ILogger logger, long milliseconds);
}
