namespace Millrace.Streams.Ddl;

/// <summary>
/// What makes the tables exactly-once: a view into a table passes only records past the highest offset that very table holds of their
/// partition. A flush stores its records of a partition in offset order and a part whole, so what lies at or below that offset is stored
/// (docs/decisions/0002-exactly-once.md).
/// </summary>
static class StoredOffsets
{
    /// <summary>Keeps the highest offset of each partition beside every part, a row or two, so that the view's question costs no scan.</summary>
    public const string Projection =
        "PROJECTION stored_offsets (SELECT kafka_topic, kafka_partition, max(kafka_offset), max(kafka_timestamp) GROUP BY kafka_topic, kafka_partition)";

    /// <summary>
    /// DELETE FROM refuses a table with projections unless told what becomes of them.
    /// Old parts are kept for 60 s instead of 480: Linux writes dirty pages back within 30 s (vm.dirty_expire_centisecs), and flushes leave 15 parts a second.
    /// </summary>
    public const string TableSettings = "lightweight_mutation_projection_mode = 'rebuild', old_parts_lifetime = 60";

    /// <summary>The columns that say which record a row came from.</summary>
    public static IReadOnlyList<string> OriginColumns { get; } =
        ["kafka_topic LowCardinality(String)", "kafka_partition UInt32", "kafka_offset UInt64", "kafka_timestamp DateTime64(3)"];

    /// <summary>The clause that names, as <c>stored</c>, the partitions in <paramref name="table"/>, the offset after the highest of each, and its latest timestamp.</summary>
    public static string With(string table, string topic) =>
        $"""
        WITH (
            SELECT (groupArray(kafka_partition), groupArray(next_offset), groupArray(last_timestamp))
            FROM (
                SELECT kafka_partition, max(kafka_offset) + 1 AS next_offset, max(kafka_timestamp) AS last_timestamp
                FROM {table} WHERE kafka_topic = {Sql.Text(topic)} GROUP BY kafka_partition
            )
        ) AS stored,
        p.kafka_offset >= transform(p.kafka_partition, stored.1, stored.2, toUInt64(0)) AS is_past,
        p.kafka_timestamp > transform(p.kafka_partition, stored.1, stored.3, p.kafka_timestamp) AS is_later
        """;

    /// <summary>
    /// True for a record that is not yet in the table; a partition of which nothing is stored begins at 0. A record that is not past the stored offset yet later than
    /// everything stored is none that was read twice: the topic was made anew. Then the view fails, and the stream waits instead of losing records.
    /// </summary>
    /// <param name="condition">What else the view asks of a record.</param>
    public static string IsNew(string condition, string table, string topic) =>
        $"{condition} AND if(is_past, true, throwIf({condition} AND NOT is_past AND is_later, {Sql.Text($"{topic} was made anew, but {table} holds rows of the topic before it: rename or empty {table}")}))";
}
