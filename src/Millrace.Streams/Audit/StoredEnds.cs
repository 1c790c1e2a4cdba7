using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>
/// The first and the last record that one table holds of a partition: what tells a topic that was made anew from the one whose rows are
/// stored (docs/decisions/0010-topics-made-anew.md). Immutable.
/// </summary>
/// <param name="FirstTime">Unix milliseconds, of Kafka.</param>
/// <param name="LastOffset">Inclusive.</param>
/// <param name="LastTime">Unix milliseconds, of Kafka.</param>
sealed record StoredEnds(string TableName, string Topic, int Partition, long FirstOffset, long FirstTime, long LastOffset, long LastTime)
{
    /// <summary>The places in the topic where these records should be, with their timestamps.</summary>
    IEnumerable<(TopicPartitionOffset Place, long Time)> Places =>
        new[] { (FirstOffset, FirstTime), (LastOffset, LastTime) }.Distinct()
            .Select(end => (new TopicPartitionOffset(Topic, Partition, end.Item1), end.Item2));

    /// <summary>Asks the projections of all tables at once: a few rows of each.</summary>
    /// <param name="exists">Tells which tables to ask.</param>
    public static async Task<IReadOnlyList<StoredEnds>> ReadAsync(
        ClickHouseClient client, IEnumerable<StreamDefinition> streams, Func<string, bool> exists, CancellationToken cancellation)
    {
        var queries = streams
            .SelectMany(stream => new[] { (Table: stream.TargetTable, stream.Topic), (Table: stream.DeadLetterTable, stream.Topic) })
            .Where(pair => exists(pair.Table)).Select(pair => Sql(pair.Table, pair.Topic)).ToList();
        if (queries.Count == 0) return [];
        return await client.QueryAsync<StoredEnds>(string.Join(" UNION ALL ", queries), cancellation: cancellation).ConfigureAwait(false);
    }

    /// <param name="stored">Read before the offsets.</param>
    /// <param name="ends">null: not known, and a place beyond them is one without a record.</param>
    /// <returns>
    /// The tables that hold a record which the topic does not have there, with its offset.
    /// What the topic no longer has can't be compared.
    /// </returns>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public static Task<IReadOnlyList<(StoredEnds Stored, long Offset)>> FindOthersAsync(
        StandEndpoints endpoints, IReadOnlyList<StoredEnds> stored, IReadOnlyDictionary<TopicPartition, long> starts,
        IReadOnlyDictionary<TopicPartition, long>? ends, CancellationToken cancellation)
    {
        var comparable = stored
            .SelectMany(table => table.Places, (table, end) => (Table: table, end.Place, end.Time))
            .Where(item => IsThere(item.Place))
            .ToList();
        return Task.Run<IReadOnlyList<(StoredEnds, long)>>(
            () =>
            {
                if (comparable.Count == 0) return [];
                using var reader = new TimestampReader(endpoints, endpoints.Identity.Group);
                var found = reader.Read(comparable.Select(item => item.Place));
                var others = comparable.Where(item => found.TryGetValue(item.Place, out var time) && time != item.Time);
                return [.. others.Select(item => (item.Table, item.Place.Offset.Value))];
            },
            cancellation);

        bool IsThere(TopicPartitionOffset place) =>
            starts.TryGetValue(place.TopicPartition, out var start) && place.Offset >= start
            && (ends is null || (ends.TryGetValue(place.TopicPartition, out var end) && place.Offset < end));
    }

    static string Sql(string table, string topic) => string.Create(CultureInfo.InvariantCulture,
        $"""
        SELECT
            '{table}' AS table_name, kafka_topic AS topic, kafka_partition AS partition,
            min(kafka_offset) AS first_offset, toUnixTimestamp64Milli(argMin(kafka_timestamp, kafka_offset)) AS first_time,
            max(kafka_offset) AS last_offset, toUnixTimestamp64Milli(argMax(kafka_timestamp, kafka_offset)) AS last_time
        FROM {table} WHERE kafka_topic = '{topic}' GROUP BY kafka_topic, kafka_partition
        """);
}
