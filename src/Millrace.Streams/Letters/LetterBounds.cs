using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Letters;

/// <summary>
/// Below which offset of each partition a letter may become a row without harm: everything below it that belongs into the target table is
/// there (docs/decisions/0018-dead-letters-sent-again.md). Immutable.
/// </summary>
sealed class LetterBounds(IReadOnlyDictionary<int, long> bounds, IReadOnlyDictionary<int, long> committed)
{
    /// <summary>To be read under the lock of the setups: one of them may set the group back.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<LetterBounds> ReadAsync(
        ClickHouseClient client, KafkaQuestions kafka, string group, StreamDefinition stream, CancellationToken cancellation)
    {
        var partitions = await kafka.AskPartitionsAsync([stream.Topic], cancellation).ConfigureAwait(false);
        var committed = await new OffsetReader(kafka).CommittedAsync(group, partitions).ConfigureAwait(false);
        var stored = await client.QueryAsync<StoredRow>(
            $"""
            SELECT kafka_partition AS partition, max(kafka_offset) + 1 AS next
            FROM {stream.TargetTable} WHERE kafka_topic = {Sql.Text(stream.Topic)} GROUP BY kafka_partition
            """,
            cancellation: cancellation).ConfigureAwait(false);
        var read = committed.ToDictionary(pair => pair.Key.Partition.Value, pair => pair.Value);
        var bounds = new Dictionary<int, long>(read);
        foreach (var row in stored) bounds[row.Partition] = Math.Max(row.Next, bounds.GetValueOrDefault(row.Partition));
        return new LetterBounds(bounds, read);
    }

    /// <summary>The condition for letters that may not become rows yet.</summary>
    public string IsAhead => $"NOT ({PartitionEnds.IsBelow(bounds)})";

    /// <summary>Exclusive; 0 for a partition of which nothing is stored or committed.</summary>
    public long Of(int partition) => bounds.GetValueOrDefault(partition);

    /// <summary>
    /// The condition for records that the group has not committed: the row of a later one may be stored while the letters of the same flush
    /// are not yet.
    /// </summary>
    public string IsUncommitted => $"NOT ({PartitionEnds.IsBelow(committed)})";

    sealed record StoredRow(int Partition, long Next);
}
