using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Log;

/// <summary>What the log reports to whoever runs the broker. Ids 200 to 249.</summary>
static partial class LogTrace
{
    [LoggerMessage(200, LogLevel.Warning, "{Directory}: {Bytes} bytes after offset {Offset} were not whole, sound batches and have been cut off")]
    public static partial void TailCutOff(this ILogger logger, string directory, long bytes, long offset);

    [LoggerMessage(201, LogLevel.Warning, "{Directory}: the segment at offset {Offset} follows a damaged one and has been deleted")]
    public static partial void SegmentAfterDamageDeleted(this ILogger logger, string directory, long offset);

    [LoggerMessage(202, LogLevel.Error, "{Directory}: the disk failed ({Reason}); the partition is offline until the broker is restarted")]
    public static partial void PartitionOffline(this ILogger logger, string directory, string reason, Exception exception);

    [LoggerMessage(203, LogLevel.Error, "{Directory}: a batch could not be written ({Reason}); its producer has been told, what was there before is not touched")]
    public static partial void AppendFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(204, LogLevel.Information, "{Directory}: {Count} segments deleted, the log now starts at offset {LogStartOffset}")]
    public static partial void SegmentsDeleted(this ILogger logger, string directory, int count, long logStartOffset);

    [LoggerMessage(205, LogLevel.Warning, "{Directory}: indexes of the segment at offset {Offset} were missing or unsound and have been built again")]
    public static partial void IndexesRebuilt(this ILogger logger, string directory, long offset);

    [LoggerMessage(206, LogLevel.Error, "{Directory}: old segments could not be deleted ({Reason}); the next retention run tries again")]
    public static partial void DeletionFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(207, LogLevel.Warning, "{Directory}: the recovery point could not be written ({Reason}); after a crash more of the log will be checked")]
    public static partial void RecoveryPointNotWritten(this ILogger logger, string directory, string reason);

    [LoggerMessage(208, LogLevel.Warning, "{Directory}: indexes of the segment at offset {Offset} could not be written ({Reason}); they will be built again at the next start")]
    public static partial void IndexesNotWritten(this ILogger logger, string directory, long offset, string reason);

    [LoggerMessage(209, LogLevel.Warning, "{Directory}: nothing is there from offset {From} to {To}; the {Count} segments before that were left over by retention and have been deleted")]
    public static partial void SegmentsBeforeGapDeleted(this ILogger logger, string directory, int count, long from, long to);
}
