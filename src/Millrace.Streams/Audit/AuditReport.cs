namespace Millrace.Streams.Audit;

/// <summary>Whether every record that ClickHouse has read is stored exactly once. Immutable.</summary>
public sealed record AuditReport(IReadOnlyList<TopicAudit> Topics)
{
    /// <summary>Why it is not known which partitions nobody reads, in a sentence; null where it is.</summary>
    public string? ReadersUnknown { get; init; }

    /// <summary>Records that were taken at random and compared field by field; null where nobody asked for it.</summary>
    public SampleReport? Sample { get; init; }

    /// <summary>
    /// Something is missing, stored twice, other than it was sent, of a topic that is no more, read by nobody, or not known.
    /// </summary>
    public bool HasTrouble => ReadersUnknown is not null || Sample is { Differences.Count: > 0 } || Topics.Any(topic => topic.HasTrouble);
}

/// <summary>The audit of one stream. Immutable.</summary>
public sealed record TopicAudit(string Stream, string Topic, string TargetTable, IReadOnlyList<PartitionAudit> Partitions)
{
    /// <summary>It is paused: its records wait, and nobody is to read its partitions.</summary>
    public bool Paused { get; init; }

    public bool HasTrouble => Partitions.Any(partition => partition.HasTrouble);
}
