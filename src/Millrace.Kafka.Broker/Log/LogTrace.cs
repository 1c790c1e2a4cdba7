using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Log;

/// <summary>What the log reports to whoever runs the broker. Ids 200 to 249.</summary>
static partial class LogTrace
{
    [LoggerMessage(200, LogLevel.Warning,
        "{Directory}: {Bytes} bytes from offset {Offset} on were not whole, sound batches; they are in {Aside} now")]
    public static partial void TailSetAside(this ILogger logger, string directory, long bytes, long offset, string aside);

    [LoggerMessage(201, LogLevel.Warning,
        "{Directory}: the segment at offset {Offset}, {Bytes} bytes, does not fit into the log: {Reason}; it is {Aside} now")]
    public static partial void SegmentSetAside(this ILogger logger, string directory, long offset, long bytes, string reason, string aside);

    [LoggerMessage(202, LogLevel.Error, "{Directory}: the disk failed ({Reason}); the partition is offline until the broker is restarted")]
    public static partial void PartitionOffline(this ILogger logger, string directory, string reason, Exception exception);

    [LoggerMessage(203, LogLevel.Error,
        "{Directory}: a batch could not be written ({Reason}); its producer has been told, what was there before is not touched")]
    public static partial void AppendFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(204, LogLevel.Information, "{Directory}: {Count} segments deleted, the log now starts at offset {LogStartOffset}")]
    public static partial void SegmentsDeleted(this ILogger logger, string directory, int count, long logStartOffset);

    [LoggerMessage(205, LogLevel.Warning,
        "{Directory}: indexes of the segment at offset {Offset} were missing or unsound and have been built again")]
    public static partial void IndexesRebuilt(this ILogger logger, string directory, long offset);

    [LoggerMessage(206, LogLevel.Error, "{Directory}: old segments could not be deleted ({Reason}); the next retention run tries again")]
    public static partial void DeletionFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(207, LogLevel.Warning,
        "{Directory}: the recovery point could not be written ({Reason}); after a crash more of the log will be checked")]
    public static partial void RecoveryPointNotWritten(this ILogger logger, string directory, string reason);

    [LoggerMessage(208, LogLevel.Warning,
        "{Directory}: indexes of the segment at offset {Offset} could not be written ({Reason}); they will be built again at the next start")]
    public static partial void IndexesNotWritten(this ILogger logger, string directory, long offset, string reason);

    [LoggerMessage(209, LogLevel.Warning,
        "{Directory}: no records are there from offset {From} to {To}, exclusive; those before and after are")]
    public static partial void OffsetsMissing(this ILogger logger, string directory, long from, long to);

    [LoggerMessage(210, LogLevel.Warning,
        "{Directory}: {Bytes} bytes from offset {Offset} on are not whole, sound batches and can't be set aside ({Reason}); the " +
        "partition takes no records until they can")]
    public static partial void TailStays(this ILogger logger, string directory, long bytes, long offset, string reason);

    [LoggerMessage(211, LogLevel.Information, "{Directory}: not files of a partition, left alone: {Names}")]
    public static partial void ForeignFiles(this ILogger logger, string directory, string names);

    [LoggerMessage(213, LogLevel.Warning, "{Directory}: the leader epoch could not be written ({Reason}); the next start tries again")]
    public static partial void LeaderEpochsNotWritten(this ILogger logger, string directory, string reason);

    [LoggerMessage(212, LogLevel.Warning, "{Directory}: full segments could not be flushed ({Reason}); the next flush does it")]
    public static partial void FlushPutOff(this ILogger logger, string directory, string reason);
}
