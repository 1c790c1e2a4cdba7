using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What makes the tables exactly-once: a view into a table passes only records past the highest offset that very table holds of their
/// partition. A flush stores its records of a partition in offset order and a part whole, so what lies at or below that offset is stored
/// (docs/decisions/0002-exactly-once.md).
/// </summary>
static class StoredOffsets
{
    /// <summary>
    /// The clause that names, as <c>stored</c>, the partitions in <paramref name="table"/>, and of each the next offset and the latest
    /// timestamp; then the places of the first and last record of each, and their timestamps. A row or two beside each part answer it
    /// (<see cref="StoredRange"/>).
    /// </summary>
    public static string With(string table, string topic) =>
        $"""
        WITH (
            SELECT (
                groupArray(kafka_partition),
                groupArray(last_offset + 1),
                groupArray(latest),
                groupArrayArray([{Place("first_offset")}, {Place("last_offset")}]),
                groupArrayArray([first_time, last_time]))
            FROM (
                SELECT
                    kafka_partition,
                    max(kafka_offset) AS last_offset,
                    max(kafka_timestamp) AS latest,
                    min(kafka_offset) AS first_offset,
                    argMin(kafka_timestamp, kafka_offset) AS first_time,
                    argMax(kafka_timestamp, kafka_offset) AS last_time
                FROM {table} WHERE kafka_topic = {Sql.Text(topic)} GROUP BY kafka_partition
            )
        ) AS _stored,
        _p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
        _p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
        _p.kafka_timestamp != transform({OfRecord}, _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another
        """;

    static string OfRecord => Place("_p.kafka_offset", "_p.kafka_partition");

    /// <summary>
    /// True for a record that is not yet in the table; a partition of which nothing is stored begins at 0. A record that is not past the
    /// stored offset was read twice, or is of a topic that was made anew: it is later than all that is stored, or has the offset of the
    /// first or last stored record and another timestamp. Then the view fails, and the stream waits instead of losing records
    /// (docs/decisions/0010-topics-made-anew.md).
    /// </summary>
    /// <param name="condition">
    /// What else the view asks of a record. Whether it is another one at a known offset does not depend on it.
    /// </param>
    public static string IsNew(string condition, string table, string topic) =>
        $"if(_is_past, {condition}, " +
        $"throwIf(NOT _is_past AND (({condition} AND _is_later) OR _is_another), {Sql.Text(MadeAnew(table, topic))}))";

    /// <summary>What a stream that waits says of itself, with the way out.</summary>
    public static string MadeAnew(string table, string topic) =>
        $"{topic} was made anew or lost its end, but {table} holds rows of the topic before it: " +
        $"RENAME TABLE {table}, give the stream a new one, " +
        $"or DELETE FROM {table} WHERE kafka_topic = '{topic}'";

    /// <summary>
    /// One number for partition and offset, as <c>transform</c> looks up no pair.
    /// Two places with one number would be a chance of 2^-64.
    /// </summary>
    static string Place(string offset, string partition = "kafka_partition") => $"cityHash64({partition}, {offset})";
}
