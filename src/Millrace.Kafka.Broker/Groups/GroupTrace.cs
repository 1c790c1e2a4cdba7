using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>What the group coordinator reports to whoever runs the broker. Ids 300 to 399.</summary>
static partial class GroupTrace
{
    [LoggerMessage(300, LogLevel.Information, "group {GroupId} prepares to rebalance from generation {GenerationId}: {Reason}")]
    public static partial void GroupPreparing(this ILogger logger, string groupId, int generationId, string reason);

    [LoggerMessage(301, LogLevel.Information, "group {GroupId} has generation {GenerationId} with {MemberCount} members, protocol {ProtocolName}")]
    public static partial void GenerationStarted(this ILogger logger, string groupId, int generationId, int memberCount, string? protocolName);

    [LoggerMessage(302, LogLevel.Information, "group {GroupId} is stable in generation {GenerationId}")]
    public static partial void GroupStable(this ILogger logger, string groupId, int generationId);

    [LoggerMessage(303, LogLevel.Information, "member {MemberId} of group {GroupId} is removed: {Reason}")]
    public static partial void MemberRemoved(this ILogger logger, string groupId, string memberId, string reason);

    [LoggerMessage(304, LogLevel.Information, "static member {InstanceId} of group {GroupId} came back as {MemberId}, was {OldMemberId}")]
    public static partial void StaticMemberReplaced(this ILogger logger, string groupId, string instanceId, string oldMemberId, string memberId);

    [LoggerMessage(305, LogLevel.Information, "{Count} committed offsets of group {GroupId} are removed: {Reason}")]
    public static partial void OffsetsRemoved(this ILogger logger, string groupId, int count, string reason);

    [LoggerMessage(306, LogLevel.Information, "group {GroupId} is removed: {Reason}")]
    public static partial void GroupRemoved(this ILogger logger, string groupId, string reason);

    [LoggerMessage(310, LogLevel.Warning, "{FileName} ended in {TornBytes} bytes of a write that never finished; {Place}")]
    public static partial void JournalTorn(this ILogger logger, string fileName, long tornBytes, string place);

    [LoggerMessage(311, LogLevel.Error, "a change to group {GroupId} could not be written and was refused")]
    public static partial void JournalFailed(this ILogger logger, Exception exception, string groupId);

    [LoggerMessage(312, LogLevel.Information, "the group journal was rewritten: {Before} to {After} bytes")]
    public static partial void JournalRewritten(this ILogger logger, long before, long after);

    [LoggerMessage(313, LogLevel.Warning, "the group journal could not be rewritten; it goes on growing")]
    public static partial void JournalRewriteFailed(this ILogger logger, Exception exception);

    [LoggerMessage(314, LogLevel.Warning, "the group journal could not be flushed at the end")]
    public static partial void JournalFlushFailed(this ILogger logger, Exception exception);

    [LoggerMessage(315, LogLevel.Error,
        "{FileName} is damaged at byte {Position}: commits in the {Bytes} bytes from there on are lost; {Place}")]
    public static partial void JournalDamaged(this ILogger logger, string fileName, long position, long bytes, string place);
}
