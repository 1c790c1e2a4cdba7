namespace Millrace.Streams.Replay;

/// <summary>Which records of a stream are to be replayed, and where to. Immutable.</summary>
public sealed record ReplayOrder
{
    /// <summary>Inclusive; null: the log start.</summary>
    public ReplayPoint? From { get; init; }

    /// <summary>Exclusive; null: all that the stream has read, or all that the topic has where they go into another table.</summary>
    public ReplayPoint? To { get; init; }

    /// <summary>Another table than the stream's, made where it is not there; null: the stream's.</summary>
    public string? Into { get; init; }

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<int> Partitions { get; init; } = [];

    /// <summary>Change nothing.</summary>
    public bool IsDry { get; init; }
}

/// <summary>A place in each partition: an offset, or the first record that is not older than a time. Immutable.</summary>
public abstract record ReplayPoint
{
    ReplayPoint() { }

    public sealed record AtOffset(long Offset) : ReplayPoint;

    public sealed record AtTime(DateTimeOffset Time) : ReplayPoint;
}
