using Millrace.Secrets;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The queue table.
/// One String column: the Kafka engine runs its input format once per record, so the less it parses the faster it is.
/// </summary>
static class QueueTableSql
{
    /// <summary>How long one poll waits for more; it bounds what a flush comes late.</summary>
    const int PollTimeoutMilliseconds = 50;

    /// <summary>
    /// Bounds a block's memory while a backlog drains: about 26 MB of 200-byte records and as much again for each step behind.
    /// Half of it drains a tenth slower, twice no faster (bench/results).
    /// </summary>
    const int MaxBlockSize = 131_072;

    /// <summary>
    /// A queue table's settings, and what the client's properties are called, by librdkafka, which has two names for the mechanism.
    /// </summary>
    static readonly (string Setting, string Property)[] SecuritySettings =
    [
        ("kafka_security_protocol", "security.protocol"),
        ("kafka_sasl_mechanism", "sasl.mechanism"),
        ("kafka_sasl_mechanism", "sasl.mechanisms"),
        ("kafka_sasl_username", "sasl.username"),
        (SqlSecrets.KafkaPassword, "sasl.password"),
    ];

    /// <remarks>
    /// No kafka_handle_error_mode: RawBLOB can't fail, what is wrong with a record the views find out.
    /// kafka_consumer_reschedule_ms is of ClickHouse 25.12; its default stalls a stream for 500 ms.
    /// </remarks>
    public static string Create(StreamDefinition stream, QueueKafka kafka, string group) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.QueueTable}
        (
            kafka_value String
        )
        ENGINE = Kafka
        SETTINGS
            kafka_broker_list = {Sql.Text(kafka.Bootstrap)},
            kafka_topic_list = {Sql.Text(stream.Topic)},
            kafka_group_name = {Sql.Text(group)},
            kafka_format = 'RawBLOB',
            kafka_flush_interval_ms = {stream.FlushInterval ?? FlushPace.OfFewStreams},
            kafka_poll_timeout_ms = {PollTimeoutMilliseconds},
            kafka_consumer_reschedule_ms = 0,
            kafka_max_block_size = {MaxBlockSize},
            kafka_poll_max_batch_size = {MaxBlockSize}{Security(kafka.Properties)}
        """;

    static string Security(IReadOnlyDictionary<string, Secret> properties) => string.Concat(SecuritySettings
        .Where(pair => properties.ContainsKey(pair.Property))
        .Select(pair => $",\n    {pair.Setting} = {Sql.Text(properties[pair.Property].Reveal())}"));
}
