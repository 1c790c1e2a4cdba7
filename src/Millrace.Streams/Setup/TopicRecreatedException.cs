namespace Millrace.Streams.Setup;

/// <summary>
/// A topic does not hold what ClickHouse has stored of it. The message ends with what to do: the ways there are, as only the user knows
/// what happened.
/// </summary>
public sealed class TopicRecreatedException : Exception
{
    TopicRecreatedException(string message) : base(message)
    {
    }

    internal static TopicRecreatedException EndsBefore(string topic, int partition, long logEndOffset, string table, long storedOffset) =>
        new(
            $"{table} holds offset {storedOffset} of {topic}, partition {partition}, but the topic ends at {logEndOffset}, " +
            "so the topic was made anew, or lost its end in a power failure, " +
            "and its next records would be taken for stored ones: " +
            $"if it was made anew, {WayOut(table, topic)}; " +
            $"if it lost its end, drop the rows beyond it (DELETE FROM {table} WHERE kafka_topic = '{topic}' " +
            $"AND kafka_partition = {partition} AND kafka_offset >= {logEndOffset}); then start again");

    internal static TopicRecreatedException HoldsAnother(string topic, int partition, string table, long offset) => new(
        $"{table} holds another record at offset {offset} of {topic}, partition {partition}, than the topic does, " +
        "so the topic was made anew, or lost its end in a power failure, " +
        "and its records would be taken for stored ones: " +
        $"{WayOut(table, topic)}; then start again");

    static string WayOut(string table, string topic) =>
        $"keep the old rows elsewhere (RENAME TABLE {table} TO {table}_old) " +
        $"or drop them (DELETE FROM {table} WHERE kafka_topic = '{topic}')";
}
