using Microsoft.Extensions.Logging;

namespace Millrace.Streams.Setup;

/// <summary>What a setup reports. Event ids 3100 to 3199.</summary>
static partial class SetupTrace
{
    [LoggerMessage(3100, LogLevel.Information, "created topic {Topic}")]
    public static partial void TopicCreated(this ILogger logger, string topic);

    [LoggerMessage(3101, LogLevel.Information, "raised the partitions of topic {Topic}")]
    public static partial void PartitionsRaised(this ILogger logger, string topic);

    [LoggerMessage(3110, LogLevel.Information, "changed the configs of topic {Topic}")]
    public static partial void TopicConfigured(this ILogger logger, string topic);

    [LoggerMessage(3102, LogLevel.Information, "{Why}: {Statement}")]
    public static partial void StatementApplied(this ILogger logger, string why, string statement);

    [LoggerMessage(3103, LogLevel.Information, "everything is as defined ({Milliseconds} ms)")]
    public static partial void NothingToDo(this ILogger logger, long milliseconds);

    [LoggerMessage(3104, LogLevel.Information, "{ClientId} is still in group {Group}: waiting for it to leave")]
    public static partial void MemberWaitedFor(this ILogger logger, string clientId, string group);

    [LoggerMessage(3105, LogLevel.Warning,
        "{Table} is new, but group {Group} has read {Records} records of {Topic} before, which the table will not get ({Error}): " +
        "another group reads them all (--group NAME)")]
    public static partial void RecordsSkipped(this ILogger logger, string table, string group, long records, string topic, string error);

    [LoggerMessage(3109, LogLevel.Information, "{Table} is new: group {Group} reads {Topic} from its start again, {Records} records")]
    public static partial void ReadFromTheStart(this ILogger logger, string table, string group, string topic, long records);

    [LoggerMessage(3106, LogLevel.Warning, "who reads in group {Group} can't be seen ({Error}): nobody else should")]
    public static partial void GroupUnknown(this ILogger logger, string group, string error);

    [LoggerMessage(3107, LogLevel.Information, "waiting until ClickHouse has read the {Records} records from before the edit: {Demands}")]
    public static partial void EarlierRecordsFirst(this ILogger logger, long records, string demands);

    [LoggerMessage(3108, LogLevel.Warning,
        "ClickHouse does not get on with the {Records} records from before the edit; "
        + "those without the new columns will be dead letters: {Demands}")]
    public static partial void EarlierRecordsStuck(this ILogger logger, long records, string demands);

    [LoggerMessage(3110, LogLevel.Warning,
        "the stream is paused, so the {Records} records that wait are read by the new definition: "
        + "those without the new columns will be dead letters: {Demands}")]
    public static partial void EarlierRecordsPaused(this ILogger logger, long records, string demands);

    [LoggerMessage(3111, LogLevel.Information, "stream {Stream} is paused and stays so until it is resumed")]
    public static partial void StaysPaused(this ILogger logger, string stream);

    [LoggerMessage(3112, LogLevel.Warning, "{Sentence}")]
    public static partial void Surprise(this ILogger logger, string sentence);
}
