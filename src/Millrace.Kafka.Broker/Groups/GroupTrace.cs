using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>What the coordinator tells whoever reads the broker's diagnostics. Event ids 300 to 399.</summary>
static partial class GroupTrace
{
    [LoggerMessage(300, LogLevel.Information, "Group {GroupId} prepares to rebalance from generation {GenerationId}: {Reason}")]
    public static partial void Preparing(ILogger logger, string groupId, int generationId, string reason);

    [LoggerMessage(301, LogLevel.Information, "Group {GroupId} has generation {GenerationId} with {MemberCount} members, protocol {ProtocolName}")]
    public static partial void NextGeneration(ILogger logger, string groupId, int generationId, int memberCount, string? protocolName);

    [LoggerMessage(302, LogLevel.Information, "Group {GroupId} is stable in generation {GenerationId}")]
    public static partial void Stable(ILogger logger, string groupId, int generationId);

    [LoggerMessage(303, LogLevel.Information, "Member {MemberId} of group {GroupId} is removed: {Reason}")]
    public static partial void MemberRemoved(ILogger logger, string groupId, string memberId, string reason);

    [LoggerMessage(304, LogLevel.Information, "Static member {InstanceId} of group {GroupId} came back as {MemberId}, was {OldMemberId}")]
    public static partial void StaticMemberReplaced(ILogger logger, string groupId, string instanceId, string oldMemberId, string memberId);

    [LoggerMessage(305, LogLevel.Information, "{Count} committed offsets of group {GroupId} are removed: {Reason}")]
    public static partial void OffsetsRemoved(ILogger logger, string groupId, int count, string reason);

    [LoggerMessage(306, LogLevel.Information, "Group {GroupId} is removed: {Reason}")]
    public static partial void GroupRemoved(ILogger logger, string groupId, string reason);

    [LoggerMessage(310, LogLevel.Warning, "{FileName} ended in {TornBytes} bytes of a write that never finished; they were cut off")]
    public static partial void JournalTorn(ILogger logger, string fileName, long tornBytes);

    [LoggerMessage(311, LogLevel.Error, "A change to group {GroupId} could not be written and was refused")]
    public static partial void JournalFailed(ILogger logger, string groupId, Exception exception);

    [LoggerMessage(312, LogLevel.Information, "The group journal was rewritten: {Before} to {After} bytes")]
    public static partial void JournalRewritten(ILogger logger, long before, long after);

    [LoggerMessage(313, LogLevel.Warning, "The group journal could not be rewritten; it goes on growing")]
    public static partial void JournalRewriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(314, LogLevel.Warning, "The group journal could not be flushed at the end")]
    public static partial void JournalFlushFailed(ILogger logger, Exception exception);
}
