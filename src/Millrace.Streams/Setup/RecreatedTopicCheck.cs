using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Setup;

/// <summary>Finds a topic whose offsets began anew or went back: the exactly-once filter would take its records for stored ones and drop them.</summary>
static class RecreatedTopicCheck
{
    /// <param name="logEnds">The end, exclusive, of every partition that exists. They may be older than what is read here of ClickHouse: what a
    /// stand that runs meanwhile has stored beyond them is looked at again.</param>
    /// <param name="readLogEndsAsync">Gives them as they are now: what was stored before lies below them.</param>
    /// <exception cref="TopicRecreatedException">A table holds an offset the topic has not reached.</exception>
    public static async Task RunAsync(
        ClickHouseClient client, DatabaseState state, StreamCatalog catalog, IReadOnlyDictionary<TopicPartition, long> logEnds,
        Func<Task<IReadOnlyDictionary<TopicPartition, long>>> readLogEndsAsync,
        CancellationToken cancellation)
    {
        var stored = await ReadStoredAsync(client, state, catalog, cancellation).ConfigureAwait(false);
        if (!stored.Any(partition => IsBeyond(partition, logEnds))) return;
        var ends = await readLogEndsAsync().ConfigureAwait(false);
        if (stored.FirstOrDefault(partition => IsBeyond(partition, ends)) is { } beyond)
            throw new TopicRecreatedException(beyond.KafkaTopic, beyond.KafkaPartition, EndOf(beyond, ends), beyond.TableName, beyond.LastOffset);
    }

    static bool IsBeyond(LastStored stored, IReadOnlyDictionary<TopicPartition, long> ends) => stored.LastOffset >= EndOf(stored, ends);

    static long EndOf(LastStored stored, IReadOnlyDictionary<TopicPartition, long> ends) =>
        ends.GetValueOrDefault(new TopicPartition(stored.KafkaTopic, stored.KafkaPartition), 0);

    static async Task<IReadOnlyList<LastStored>> ReadStoredAsync(
        ClickHouseClient client, DatabaseState state, StreamCatalog catalog, CancellationToken cancellation)
    {
        var queries = catalog.Streams
            .SelectMany(stream => new[] { (stream.Topic, Table: stream.TargetTable), (stream.Topic, Table: stream.DeadLetterTable) })
            .Where(pair => state.Find(pair.Table) is not null)
            .Select(pair => $"SELECT '{pair.Table}' AS table_name, kafka_topic, kafka_partition, max(kafka_offset) AS last_offset FROM {pair.Table} WHERE kafka_topic = '{pair.Topic}' GROUP BY kafka_topic, kafka_partition")
            .ToList();
        return queries.Count == 0 ? [] : await client.QueryAsync<LastStored>(string.Join(" UNION ALL ", queries), cancellation: cancellation).ConfigureAwait(false);
    }

    sealed record LastStored(string TableName, string KafkaTopic, int KafkaPartition, long LastOffset);
}
