namespace Millrace.Streams.Kafka;

/// <summary>A consumer group as it is now. Immutable.</summary>
/// <param name="State">By Kafka's name: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead.</param>
/// <param name="Assignor">How the group shares out partitions (range, roundrobin...); empty while it has no members.</param>
/// <param name="Partitions">All of each topic in which it has a committed offset or a member, by topic and partition.</param>
public sealed record GroupDescription(
    string GroupId, string State, string Assignor, IReadOnlyList<GroupMember> Members, IReadOnlyList<GroupPartition> Partitions)
{
    /// <summary>Without that of partitions that are in trouble.</summary>
    public long Lag => Partitions.Sum(partition => partition.Lag ?? 0);

    /// <summary>The group with a word about the streams that are paused.</summary>
    /// <param name="topics">Those of the streams.</param>
    public GroupDescription WithPaused(IReadOnlySet<string> topics) =>
        this with { Partitions = [.. Partitions.Select(partition => partition with { Paused = topics.Contains(partition.Topic) })] };
}

/// <summary>Consumer groups, as far as the brokers answer. Immutable.</summary>
/// <param name="Silent">Brokers that gave no answer, in words: the groups that they coordinate are not here.</param>
public sealed record GroupList(IReadOnlyList<GroupDescription> Groups, IReadOnlyList<string> Silent);

/// <summary>A consumer of a group. Immutable.</summary>
public sealed record GroupMember(string MemberId, string ClientId, string Host, IReadOnlyList<GroupAssignment> Assignments);

/// <summary>A partition that a member reads. Immutable.</summary>
public sealed record GroupAssignment(string Topic, int Partition);

/// <summary>How far a group is in one partition. Immutable.</summary>
/// <param name="CommittedOffset">The next it will read; null: it has committed none.</param>
/// <param name="LogEndOffset">Exclusive; null: not known.</param>
/// <param name="Lag">
/// Records of the partition that the group has not committed; those it no longer has do not count. null: not known.
/// </param>
/// <param name="MemberId">Who reads it now; null: nobody.</param>
/// <param name="Error">Why something is not known; null when all is well.</param>
public sealed record GroupPartition(
    string Topic, int Partition, long? CommittedOffset, long? LogEndOffset, long? Lag, string? MemberId, string? Error = null)
{
    /// <summary>Nobody is to read it: its stream is paused. Only ClickHouse knows, so false where it was not asked.</summary>
    public bool Paused { get; init; }
}
