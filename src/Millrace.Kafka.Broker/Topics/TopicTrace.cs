using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>What the owner of the topics reports. Ids 150 to 199.</summary>
static partial class TopicTrace
{
    [LoggerMessage(150, LogLevel.Information, "topic {Topic} now has {Partitions} partitions")]
    public static partial void TopicExtended(this ILogger logger, string topic, int partitions);

    [LoggerMessage(151, LogLevel.Information, "topic {Topic} deleted")]
    public static partial void TopicDeleted(this ILogger logger, string topic);

    [LoggerMessage(159, LogLevel.Information, "topic {Topic} has other configs")]
    public static partial void TopicConfigured(this ILogger logger, string topic);

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

    [LoggerMessage(158, LogLevel.Information,
        "client {ClientId} asked for topic {Topic}, which is not there and is not made: auto.create.topics.enable is {Enabled}")]
    public static partial void TopicNotMade(this ILogger logger, string clientId, string topic, string enabled);
}
