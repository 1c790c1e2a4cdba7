using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Setup;

/// <summary>Finds a topic whose offsets began anew: the exactly-once filter would take its records for stored ones and drop them.</summary>
static class RecreatedTopicCheck
{
    /// <param name="logEndOffsets">Of every partition that exists now, exclusive.</param>
    /// <exception cref="TopicRecreatedException">A table holds an offset the topic has not reached.</exception>
    public static async Task RunAsync(
        ClickHouseClient client, StreamCatalog catalog, IReadOnlyDictionary<TopicPartition, long> logEndOffsets, CancellationToken cancellation)
    {
        foreach (var stored in await ReadStoredAsync(client, catalog, cancellation).ConfigureAwait(false))
        {
            var end = logEndOffsets.GetValueOrDefault(new TopicPartition(stored.KafkaTopic, stored.KafkaPartition), 0);
            if (stored.LastOffset >= end) throw new TopicRecreatedException(stored.KafkaTopic, stored.KafkaPartition, end, stored.TableName, stored.LastOffset);
        }
    }

    static async Task<IReadOnlyList<StoredPartition>> ReadStoredAsync(ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        var existing = await client.QueryAsync<Table>("SELECT name FROM system.tables WHERE database = currentDatabase()", cancellation: cancellation).ConfigureAwait(false);
        var names = existing.Select(table => table.Name).ToHashSet();
        var queries = catalog.Streams
            .SelectMany(stream => new[] { (stream.Topic, Table: stream.TargetTable), (stream.Topic, Table: stream.DeadLetterTable) })
            .Where(pair => names.Contains(pair.Table))
            .Select(pair => $"SELECT '{pair.Table}' AS table_name, kafka_topic, kafka_partition, max(kafka_offset) AS last_offset FROM {pair.Table} WHERE kafka_topic = '{pair.Topic}' GROUP BY kafka_topic, kafka_partition")
            .ToList();
        return queries.Count == 0 ? [] : await client.QueryAsync<StoredPartition>(string.Join(" UNION ALL ", queries), cancellation: cancellation).ConfigureAwait(false);
    }

    sealed record Table(string Name);

    sealed record StoredPartition(string TableName, string KafkaTopic, int KafkaPartition, long LastOffset);
}
