using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Setup;

/// <summary>Finds a topic whose offsets began anew or went back: the exactly-once filter would take its records for stored ones and drop them.</summary>
static class RecreatedTopicCheck
{
    /// <summary>The stored offsets are read before the ends: a stand that runs meanwhile may store, and what it stores lies below a later end.</summary>
    /// <param name="readLogEndsAsync">Gives the end, exclusive, of every partition that exists.</param>
    /// <exception cref="TopicRecreatedException">A table holds an offset the topic has not reached.</exception>
    public static async Task RunAsync(
        ClickHouseClient client, StreamCatalog catalog, Func<Task<IReadOnlyDictionary<TopicPartition, long>>> readLogEndsAsync,
        CancellationToken cancellation)
    {
        var stored = await ReadStoredAsync(client, catalog, cancellation).ConfigureAwait(false);
        if (stored.Count == 0) return;
        var ends = await readLogEndsAsync().ConfigureAwait(false);
        foreach (var partition in stored)
        {
            var end = ends.GetValueOrDefault(new TopicPartition(partition.KafkaTopic, partition.KafkaPartition), 0);
            if (partition.LastOffset >= end) throw new TopicRecreatedException(partition.KafkaTopic, partition.KafkaPartition, end, partition.TableName, partition.LastOffset);
        }
    }

    static async Task<IReadOnlyList<LastStored>> ReadStoredAsync(ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        var existing = await client.QueryAsync<Table>("SELECT name FROM system.tables WHERE database = currentDatabase()", cancellation: cancellation).ConfigureAwait(false);
        var names = existing.Select(table => table.Name).ToHashSet();
        var queries = catalog.Streams
            .SelectMany(stream => new[] { (stream.Topic, Table: stream.TargetTable), (stream.Topic, Table: stream.DeadLetterTable) })
            .Where(pair => names.Contains(pair.Table))
            .Select(pair => $"SELECT '{pair.Table}' AS table_name, kafka_topic, kafka_partition, max(kafka_offset) AS last_offset FROM {pair.Table} WHERE kafka_topic = '{pair.Topic}' GROUP BY kafka_topic, kafka_partition")
            .ToList();
        return queries.Count == 0 ? [] : await client.QueryAsync<LastStored>(string.Join(" UNION ALL ", queries), cancellation: cancellation).ConfigureAwait(false);
    }

    sealed record Table(string Name);

    sealed record LastStored(string TableName, string KafkaTopic, int KafkaPartition, long LastOffset);
}
