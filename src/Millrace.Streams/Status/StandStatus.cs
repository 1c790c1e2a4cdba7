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

/// <summary>One stream at one moment; null is what could not be learned. Rates are since the status before. Immutable.</summary>
/// <param name="LogEndOffset">Sum over the partitions.</param>
/// <param name="CommittedOffset">Sum over the partitions.</param>
/// <param name="Lag">Records in the topic that ClickHouse's group has not committed.</param>
/// <param name="Rows">In the target table.</param>
/// <param name="DeadLetters">Of this topic.</param>
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
    /// <summary>Why its records wait, in one sentence with what to do; null when they do not, or nobody knows.</summary>
    public string? Trouble { get; init; }
}
