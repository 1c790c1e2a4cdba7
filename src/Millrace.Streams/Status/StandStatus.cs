using System.Text.Json.Serialization;

namespace Millrace.Streams.Status;

/// <summary>What flows through the stand at one moment. Immutable.</summary>
/// <param name="KafkaTrouble">Why nothing is known from Kafka; null when all is well.</param>
/// <param name="ClickHouseTrouble">Why nothing is known from ClickHouse; null when all is well.</param>
public sealed record StandStatus(
    DateTimeOffset Time,
    string? KafkaTrouble,
    [property: JsonPropertyName("clickhouse_trouble")] string? ClickHouseTrouble,
    IReadOnlyList<StreamStatus> Streams);

/// <summary>One stream at one moment; null is what could not be learned. Immutable.</summary>
/// <param name="LogEndOffset">Sum over the partitions.</param>
/// <param name="ProducedPerSecond">Since the status before.</param>
/// <param name="CommittedOffset">Sum over the partitions.</param>
/// <param name="Lag">Records in the topic that ClickHouse's group has not committed.</param>
/// <param name="Rows">In the target table.</param>
/// <param name="RowsPerSecond">Over some flushes of the queue table, and not less than since the status before.</param>
/// <param name="DeadLetters">Of this topic, those that wait: neither retried nor dropped.</param>
/// <param name="LatencyP50">
/// Milliseconds from the record's timestamp to the insertion of its row, over the rows of the last seconds;
/// null when there are none.
/// </param>
/// <param name="LatencyP99">As <paramref name="LatencyP50"/>.</param>
public sealed record StreamStatus(
    string Stream,
    string Topic,
    string TargetTable,
    long? LogEndOffset,
    double? ProducedPerSecond,
    long? CommittedOffset,
    long? Lag,
    long? Rows,
    double? RowsPerSecond,
    long? DeadLetters,
    double? LatencyP50,
    double? LatencyP99)
{
    /// <summary>
    /// How long the oldest record that is not committed has waited, in seconds; 0 without a lag, null where nobody saw it come.
    /// </summary>
    public double? LagSeconds { get; init; }

    /// <summary>Why its records wait, in one sentence with what to do; null when they do not, or nobody knows.</summary>
    public string? Trouble { get; init; }

    /// <summary>
    /// Somebody paused it: its records wait in the topic until it is resumed, and nobody reads its partitions. null while ClickHouse, which
    /// knows it, is away.
    /// </summary>
    public bool? Paused { get; init; }

    /// <summary>Partitions that no member of ClickHouse's group has read for a while, ascending.</summary>
    public IReadOnlyList<int> UnreadPartitions { get; init; } = [];
}
