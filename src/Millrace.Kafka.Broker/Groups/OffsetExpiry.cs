using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Which committed offsets nobody will ask for again (KIP-211; Apache Kafka, ClassicGroup.java: offsetExpirationCondition;
/// OffsetMetadataManager.java: cleanupExpiredOffsets).
/// </summary>
/// <remarks>Called with the group's lock held.</remarks>
sealed class OffsetExpiry(TimeSpan retention, GroupStore store, TimeProvider clock, ILogger logger)
{
    /// <summary>Forgets what has expired. Returns whether the group still has an offset.</summary>
    public bool Apply(Group group)
    {
        var offsets = store.OffsetsOf(group.Id);
        var expired = offsets.Where(each => HasExpired(group, each.Key.Topic, each.Value)).Select(each => each.Key).ToArray();
        if (expired.Length == 0 || !store.TryApply(new OffsetsForgotten(group.Id, expired))) return offsets.Length > 0;
        logger.OffsetsRemoved(group.Id, expired.Length, "expired");
        return expired.Length < offsets.Length;
    }

    bool HasExpired(Group group, string topic, CommittedOffset offset)
    {
        if (group.IsSubscribedTo(topic) || AgeStart(group, offset) is not { } start) return false;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return offset.ExpiresAtMs >= 0 ? now >= offset.ExpiresAtMs : now - start >= retention.TotalMilliseconds;
    }

    /// <summary>From when the retention time counts, Unix milliseconds; null as long as it does not count.</summary>
    static long? AgeStart(Group group, CommittedOffset offset) => group switch
    {
        { ProtocolType: null } => offset.CommittedAtMs, // only ever committed offsets
        { State: GroupState.Empty } => group.StateSinceMs,
        { State: GroupState.Stable, SubscribedTopics: not null } => offset.CommittedAtMs, // a topic that no member is subscribed to any more
        _ => null,
    };
}
